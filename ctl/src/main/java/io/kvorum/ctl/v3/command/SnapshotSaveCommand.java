// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.grpc.GrpcCall;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.v3.client.Endpoint;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.wire.Message;
import io.kvorum.ctl.v3.wire.Shape;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * {@code snapshot save}: the database of one member, and its SHA-256 behind it, in a file that has
 * its name only when all of it is there, checked and on disk.
 */
final class SnapshotSaveCommand implements Command {

  private static final int BLOB = 3;
  private static final int VERSION = 4;
  private static final int TRAILER_BYTES = 32;
  private static final int SECTOR_BYTES = 512;

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "save", "Stores an etcd node backend snapshot to a given file", "<filename> [flags]");
  }

  @Override
  public void run(Call call) {
    if (call.count() != 1) {
      throw call.badArguments("snapshot save expects one argument");
    }
    List<Endpoint> endpoints = call.client().endpoints();
    if (endpoints.size() != 1) {
      StringBuilder all = new StringBuilder();
      for (Endpoint endpoint : endpoints) {
        all.append(all.isEmpty() ? "" : " ").append(endpoint.text());
      }
      throw call.fail(
          ExitStatus.INTERRUPTED,
          "snapshot must be requested to one selected node, not multiple [" + all + "]");
    }
    String name = call.argument(0);
    Path part = Path.of(name + ".part");
    try {
      String version = receive(call, part);
      Files.move(part, Path.of(name), StandardCopyOption.ATOMIC_MOVE);
      call.output().line("Snapshot saved at " + name);
      if (!version.isEmpty()) {
        call.output().line("Server version " + version);
      }
    } catch (RpcFailure e) {
      discard(part);
      boolean known = e.description().startsWith("etcdserver: ");
      throw call.fail(
          ExitStatus.INTERRUPTED, known ? e.description() : String.valueOf(e.getMessage()));
    } catch (IOException e) {
      discard(part);
      throw call.fail(ExitStatus.INTERRUPTED, "could not save the snapshot: " + e.getMessage());
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // It has no name that anybody would take for a snapshot's.
    }
  }

  /** Writes what the member sends; returns the version that it tells. */
  private static String receive(Call call, Path part) throws IOException {
    GrpcCall stream = call.client().open(Rpc.SNAPSHOT, false, call.patientDeadline());
    stream.sendLast(new ProtoWriter().toBytes());
    String version = "";
    Trailer trailer = new Trailer();
    try (FileChannel file =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (Optional<Bytes> next = stream.receive(); next.isPresent(); next = stream.receive()) {
        Message message = Message.parse(Shape.of(Rpc.SNAPSHOT.answer()), next.get());
        version = message.has(VERSION) ? message.text(VERSION) : version;
        Bytes blob = message.bytes(BLOB);
        trailer.add(blob);
        var bytes = blob.asByteBuffer();
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      }
      trailer.check();
      file.force(true);
    }
    return version;
  }

  /** Keeps the last bytes back from the digest of the others, to compare both at the end. */
  private static final class Trailer {
    private final MessageDigest digest = sha256();
    private Bytes tail = Bytes.EMPTY;
    private long size;

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    void add(Bytes blob) {
      size += blob.length();
      Bytes all = tail.concat(blob);
      int kept = Math.min(all.length(), TRAILER_BYTES);
      digest.update(all.slice(0, all.length() - kept).asByteBuffer());
      tail = all.slice(all.length() - kept, all.length()).compact();
    }

    void check() throws IOException {
      if (size % SECTOR_BYTES != TRAILER_BYTES) {
        throw new IOException("sha256 checksum not found [bytes: " + size + "]");
      }
      Bytes computed = Bytes.wrap(digest.digest());
      if (!computed.equals(tail)) {
        throw new IOException("expected sha256 [" + tail.hex() + "], got [" + computed.hex() + "]");
      }
    }
  }
}
