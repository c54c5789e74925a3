// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.command.LeaseCommand;
import io.kvorum.server.command.LeaseCommand.Checkpoint;
import io.kvorum.server.command.LeaseCommand.Grant;
import io.kvorum.server.command.LeaseCommand.Remaining;
import io.kvorum.server.command.LeaseCommand.Revoke;
import io.kvorum.server.command.LeaseResult;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Lease.Reason;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Which leases stand: granted, revoked and checkpointed by the log, the same on every member.
 *
 * <p>No clock here. A lease ends only by a Revoke in the log; when one is due is for the leader's
 * lessor to find out. Which keys hang on a lease is the keyspace's knowledge: it is asked, so that
 * there is no second list to keep equal.
 *
 * <p>What has been written stays in the engine and is looked up there: a start reads nothing, and a
 * million leases cost a follower no memory. The round's own changes lie in front of it.
 *
 * <p>Owned by the apply thread, except what {@link LeaseView} has. Results: recorded behaviour of
 * etcd 3.4.23, which may apply the same log.
 */
public final class LeaseStore implements LeaseView {

  /** etcd's longest. */
  public static final long TTL_SECONDS_MAX = 9_000_000_000L;

  private static final Table TABLE = new Table("lease");

  private final Engine engine;
  private final long ttlSecondsMin;
  private final Map<Long, Optional<Lease>> changed = new HashMap<>();
  private final List<LeaseChange> changes = new ArrayList<>();

  private LeaseStore(Engine engine, long ttlSecondsMin) {
    this.engine = engine;
    this.ttlSecondsMin = ttlSecondsMin;
  }

  /** The table that the engine must have been opened with: etcd's bucket of this name. */
  public static List<Table> tables() {
    return List.of(TABLE);
  }

  /**
   * Continues from what the table holds.
   *
   * @param ttlSecondsMin shorter times are raised to this; equal on all members
   */
  public static LeaseStore open(Engine engine, long ttlSecondsMin) {
    return new LeaseStore(engine, ttlSecondsMin);
  }

  // --- the apply thread ---

  /** Whether {@code id} stands after everything applied so far. */
  public boolean exists(long id) {
    return present(id).isPresent();
  }

  private Optional<Lease> present(long id) {
    Optional<Lease> inRound = changed.get(id);
    return inRound != null ? inRound : find(id);
  }

  /**
   * Carries out one command and adds what it changed to {@code batch}.
   *
   * @return an {@link Outcome.Lease}, or a {@link Refusal.Lease} after which nothing changed
   */
  public Outcome apply(LeaseCommand command, AttachedKeys keys, Batch batch) {
    return switch (command) {
      case Grant grant -> grant(grant, keys, batch);
      case Revoke revoke -> revoke(revoke, keys, batch);
      case Checkpoint checkpoint -> {
        checkpoint.remaining().forEach(remaining -> checkpoint(remaining, batch));
        yield new Outcome.Lease(new LeaseResult.Checkpointed(keys.revision()));
      }
    };
  }

  private Outcome grant(Grant grant, AttachedKeys keys, Batch batch) {
    if (grant.id() == 0) {
      return refused(Reason.NOT_FOUND);
    }
    if (grant.ttlSeconds() > TTL_SECONDS_MAX) {
      return refused(Reason.TTL_TOO_LARGE);
    }
    if (exists(grant.id())) {
      return refused(Reason.EXISTS);
    }
    Lease lease = new Lease(grant.id(), Math.max(ttlSecondsMin, grant.ttlSeconds()), 0);
    put(lease, batch);
    changes.add(new LeaseChange.Granted(lease));
    return new Outcome.Lease(
        new LeaseResult.Granted(keys.revision(), lease.id(), lease.ttlSeconds()));
  }

  private Outcome revoke(Revoke revoke, AttachedKeys keys, Batch batch) {
    if (!exists(revoke.id())) {
      return refused(Reason.NOT_FOUND);
    }
    keys.delete(revoke.id(), batch);
    batch.delete(TABLE, key(revoke.id()));
    changed.put(revoke.id(), Optional.empty());
    changes.add(new LeaseChange.Revoked(revoke.id()));
    return new Outcome.Lease(new LeaseResult.Revoked(keys.revision()));
  }

  /** A lease that is gone meanwhile has nothing left to write down. */
  private void checkpoint(Remaining remaining, Batch batch) {
    present(remaining.id())
        .map(lease -> new Lease(lease.id(), lease.ttlSeconds(), remaining.ttlSeconds()))
        .ifPresent(
            lease -> {
              put(lease, batch);
              changes.add(new LeaseChange.Checkpointed(lease));
            });
  }

  private void put(Lease lease, Batch batch) {
    batch.put(TABLE, key(lease.id()), lease.encoded());
    changed.put(lease.id(), Optional.of(lease));
  }

  private static Outcome refused(Reason reason) {
    return new Outcome.Refused(new Refusal.Lease(reason));
  }

  /** What changed since the last call, in order. */
  public List<LeaseChange> takeChanges() {
    List<LeaseChange> taken = List.copyOf(changes);
    changes.clear();
    return taken;
  }

  /** The batches of everything applied so far are visible. */
  public void publish() {
    changed.clear();
  }

  /** The engine now holds something else, from a snapshot of another member: starts over there. */
  public void reload() {
    changed.clear();
    changes.clear();
  }

  // --- readers ---

  @Override
  public Optional<Lease> find(long id) {
    return engine.get(TABLE, key(id)).map(Lease::read);
  }

  @Override
  public void forEach(Consumer<Lease> reader) {
    try (Cursor cursor = engine.scan(TABLE, KeyRange.ALL)) {
      while (cursor.next()) {
        reader.accept(Lease.read(cursor.value()));
      }
    }
  }

  private static Bytes key(long id) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(id).array());
  }
}
