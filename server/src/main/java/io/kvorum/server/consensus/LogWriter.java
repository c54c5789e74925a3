// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import io.kvorum.raft.Effects;
import io.kvorum.raft.Entry;
import io.kvorum.raft.Input;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.Message;
import io.kvorum.raft.SnapshotMetadata;
import io.kvorum.server.storage.log.WriteAheadLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The log thread: everything that reaches the write-ahead log goes through here, in order.
 *
 * <p>A batch of tasks becomes one write and one fsync. What had to wait for the disk (votes, append
 * answers) leaves after it, then the core learns how far its log is durable. A failure of the disk
 * ends the worker, and with it the member: nothing is acknowledged that is not on disk.
 */
final class LogWriter {

  /** Work for the log thread. */
  sealed interface Task {

    /** The part of one set of effects that concerns the disk. */
    record Write(Effects effects) implements Task {}

    /** Entries for a follower that are no longer in memory. */
    record Read(Effects.LogRead read) implements Task {}

    /** A local snapshot: state up to {@code snapshot} is durable in the store. */
    record Mark(SnapshotMetadata snapshot, long releaseBelow) implements Task {}
  }

  private final WriteAheadLog log;
  private final Runnable sync;
  private final Consumer<List<Message>> send;
  private final Consumer<Input> core;
  private final StateMachine machine;

  /**
   * @param sync makes what was appended durable
   * @param send sends messages that had to wait; own ones go back to the core
   */
  LogWriter(
      WriteAheadLog log,
      Runnable sync,
      Consumer<List<Message>> send,
      Consumer<Input> core,
      StateMachine machine) {
    this.log = log;
    this.sync = sync;
    this.send = send;
    this.core = core;
    this.machine = machine;
  }

  void handle(List<Task> tasks) {
    List<Effects> written = new ArrayList<>(tasks.size());
    for (Task task : tasks) {
      switch (task) {
        case Task.Write(Effects effects) -> {
          if (effects.snapshot().isPresent()) {
            finish(written);
            replaceLog(effects, effects.snapshot().get());
          } else {
            append(effects);
            written.add(effects);
          }
        }
        case Task.Read(Effects.LogRead read) -> read(read);
        case Task.Mark mark -> {
          finish(written);
          mark(mark);
        }
      }
    }
    finish(written);
  }

  private void append(Effects effects) {
    log.append(effects.entries(), effects.hardState());
  }

  /** Makes the appended effects durable and lets go what waited for that. */
  private void finish(List<Effects> written) {
    boolean mustSync = false;
    long batch = 0;
    int waiting = 0;
    for (Effects effects : written) {
      mustSync |= effects.mustSync();
      batch = effects.batch();
      waiting += effects.afterPersist().size();
    }
    if (mustSync) {
      sync.run();
    } else if (!written.isEmpty()) {
      // A commit alone: a backup or a forced cluster must know it, also when nothing follows.
      log.writeOut();
    }
    if (waiting > 0) {
      List<Message> messages = new ArrayList<>(waiting);
      written.forEach(effects -> messages.addAll(effects.afterPersist()));
      send.accept(messages);
    }
    if (mustSync) {
      core.accept(new Input.Persisted(batch));
    }
    written.clear();
  }

  /**
   * A received snapshot takes the place of the whole log: its record is durable before the state
   * machine begins to install it, so that a crash on the way finds it again. The core never puts
   * entries beside a snapshot; what is appended here is a hard state.
   */
  private void replaceLog(Effects effects, SnapshotMetadata snapshot) {
    append(effects);
    log.markSnapshot(snapshot.position(), snapshot.confState());
    machine.install(snapshot);
    send.accept(effects.afterPersist());
    core.accept(new Input.Persisted(effects.batch()));
  }

  private void read(Effects.LogRead read) {
    Optional<LogPosition> previous = log.position(read.from() - 1);
    List<Entry> entries =
        previous.isPresent() ? log.read(read.from(), read.to(), read.bytesMax()) : List.of();
    core.accept(
        entries.isEmpty()
            ? new Input.EntriesGone(read.peer())
            : new Input.EntriesRead(read.peer(), previous.orElseThrow(), entries));
  }

  private void mark(Task.Mark mark) {
    log.markSnapshot(mark.snapshot().position(), mark.snapshot().confState());
    log.releaseBelow(Math.min(mark.releaseBelow(), mark.snapshot().position().index()));
    core.accept(new Input.LogReleased(log.beginning()));
  }
}
