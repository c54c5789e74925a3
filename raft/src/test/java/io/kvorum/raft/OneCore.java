// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.kvorum.base.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One core in a wanted state, and short ways to feed it. */
final class OneCore {
  static final ConfState THREE = ConfState.of(List.of(1L, 2L, 3L), List.of());

  private OneCore() {}

  static RaftCore follower(long term) {
    return core(start(new HardState(term, 0, 0), THREE));
  }

  static RaftCore core(StartState start) {
    return new RaftCore(RaftConfig.of(1), start, new SplittableRandom(1));
  }

  static StartState start(HardState state, ConfState conf, long... terms) {
    return new StartState(
        state, conf, LogPosition.ZERO, LogPosition.ZERO, entries(1, terms), LogPosition.ZERO);
  }

  /** Node 1 as leader of the term behind the start's; its empty entry is not durable yet. */
  static RaftCore leader(StartState start) {
    return lead(core(start));
  }

  static RaftCore lead(RaftCore core) {
    step(core, new Input.Campaign());
    for (long voter = 2; voter <= 4; voter++) {
      receive(core, new Message.VoteResponse(1, voter, core.term() + 1, true, false));
    }
    persist(core);
    for (long voter = 2; voter <= 4; voter++) {
      receive(core, new Message.VoteResponse(1, voter, core.term(), false, false));
    }
    assertEquals(Effects.Role.LEADER, core.role());
    core.drain();
    return core;
  }

  /** A leader without a memory tail, whose follower 2 has an empty log; the log starts there. */
  static RaftCore behind(LogPosition logStart) {
    RaftConfig config = new RaftConfig(1, 10, 1, 1 << 20, 512, 0, true, true);
    List<Entry> entries = entries(1, 5, 5, 5, 5);
    StartState start =
        new StartState(
            new HardState(5, 0, 4),
            THREE,
            logStart,
            logStart,
            entries.subList((int) logStart.index(), 4),
            new LogPosition(5, 4));
    RaftCore core = lead(new RaftCore(config, start, new SplittableRandom(1)));
    receive(core, new Message.AppendRejected(1, 2, 6, 4, LogPosition.ZERO));
    return core;
  }

  static Message install(LogPosition position, ConfState conf) {
    return new Message.InstallSnapshot(1, 2, 5, new SnapshotMetadata(position, conf));
  }

  static void persist(RaftCore core) {
    step(core, new Input.Persisted(core.drain().batch()));
  }

  static void receive(RaftCore core, Message message) {
    step(core, new Input.Received(message));
  }

  static void step(RaftCore core, Input input) {
    core.step(input);
  }

  static void tick(RaftCore core, int count) {
    for (int i = 0; i < count; i++) {
      step(core, new Input.Tick());
    }
  }

  static Message.Append onlyAppend(Effects effects, long to) {
    List<Message> all = effects.immediate().stream().filter(m -> m.to() == to).toList();
    assertEquals(1, all.size(), all.toString());
    return assertInstanceOf(Message.Append.class, all.getFirst());
  }

  static List<Entry> entries(long first, long... terms) {
    List<Entry> entries = new ArrayList<>();
    for (long term : terms) {
      entries.add(new Entry(EntryType.NORMAL, term, first + entries.size(), Bytes.utf8("data")));
    }
    return entries;
  }
}
