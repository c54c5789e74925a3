// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.env.ThreadWorkers;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.auth.BcryptHash;
import io.kvorum.server.auth.PlainPasswords;
import io.kvorum.server.command.AuthCommand;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.command.EntryCodec;
import io.kvorum.server.command.KeyspaceCommand.Put;
import io.kvorum.server.command.PlainPasswordEntry;
import io.kvorum.server.command.V3Command;
import io.kvorum.server.command.V3Request;
import io.kvorum.server.command.V3Request.Requester;
import io.kvorum.server.consensus.StateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrivingPasswordsTest {

  private final List<Thread> hashedBy = new ArrayList<>();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final ArrivingPasswords passwords =
      new ArrivingPasswords(
          (id, plain) -> {
            hashedBy.add(Thread.currentThread());
            arrived.countDown();
            return Bytes.utf8(id + plain);
          },
          new ThreadWorkers(),
          failure -> {
            throw new AssertionError(failure);
          });

  @AfterEach
  void stop() throws InterruptedException {
    passwords.stop();
  }

  private static Entry entry(long id, V3Command command) {
    var encoded = EntryCodec.encode(id, new V3Request(new Requester("root", 1L << 40), command));
    return new Entry(encoded.type(), 1, 1, encoded.data());
  }

  private static V3Command user(String plain) {
    return new AuthCommand.AddUser("u", new Password(plain, ""), false);
  }

  @Test
  void workBeginsWhenTheEntryArrives() throws InterruptedException {
    List<Entry> handedOn = new ArrayList<>();
    StateMachine machine =
        passwords.before(
            new StateMachine() {
              @Override
              public void commit(List<Entry> entries) {
                handedOn.addAll(entries);
              }

              @Override
              public void install(SnapshotMetadata snapshot) {}

              @Override
              public void prepareSnapshot(long peer) {}
            });
    List<Entry> entries =
        List.of(entry(5, new Put(Bytes.utf8("k"), Bytes.EMPTY)), entry(9, user("p")));
    machine.commit(entries);
    assertEquals(entries, handedOn);
    arrived.await();
    assertEquals("9p", passwords.hash(9, "p").utf8());
    assertEquals(1, hashedBy.size(), "hashed once");
    assertNotEquals(Thread.currentThread(), hashedBy.getFirst());
  }

  @Test
  void whatNobodySawComingIsHashedByTheSameThread() {
    assertEquals("3q", passwords.hash(3, "q").utf8());
    assertNotEquals(Thread.currentThread(), hashedBy.getFirst());
  }

  @Test
  void onlyPlainPasswordsAreSeen() {
    assertEquals("p", PlainPasswordEntry.in(entry(1, user("p"))).orElseThrow().plain());
    assertEquals(
        new PlainPasswordEntry(2, "n"),
        PlainPasswordEntry.in(entry(2, new AuthCommand.ChangePassword("u", new Password("n", ""))))
            .orElseThrow());
    for (V3Command other :
        List.of(
            new AuthCommand.AddUser("u", Password.NONE, true),
            new AuthCommand.AddUser("u", new Password("", "aGFzaA=="), false),
            new AuthCommand.DeleteUser("u"),
            new AuthCommand.Enable(),
            new Put(Bytes.utf8("k"), Bytes.utf8("v")))) {
      assertEquals(Optional.empty(), PlainPasswordEntry.in(entry(3, other)), other.toString());
    }
    for (Bytes data : List.of(Bytes.EMPTY, Bytes.wrap(new byte[] {(byte) 0xa2, 6}))) {
      assertEquals(
          Optional.empty(), PlainPasswordEntry.in(new Entry(EntryType.NORMAL, 1, 1, data)));
    }
  }

  @Test
  void theSaltComesFromTheRequest() {
    PlainPasswords hashing = PlainPasswords.atOnce(BcryptHash.COST_MIN);
    Bytes hash = hashing.hash(77, "secret");
    assertEquals(hash, hashing.hash(77, "secret"));
    assertNotEquals(hash, hashing.hash(78, "secret"));
    assertTrue(hash.utf8().startsWith("$2a$04$"), hash.utf8());
    assertTrue(BcryptHash.matches(Bytes.utf8("secret"), hash));
    assertFalse(BcryptHash.matches(Bytes.utf8("Secret"), hash));
  }
}
