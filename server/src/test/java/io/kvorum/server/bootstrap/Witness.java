// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.raft.Effects.Role;
import io.kvorum.raft.Entry;
import io.kvorum.server.command.KeyEvent;
import io.kvorum.server.consensus.AppliedListener.Answer;
import io.kvorum.server.consensus.ConsensusFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Sees what all members of a simulation are told and do, and compares: one leader per term, one
 * entry per log index for ever, one outcome per entry, positions that only grow.
 */
final class Witness {

  private record Committed(long term, int data) {}

  /** What one incarnation of a member knew last. */
  private record Known(long term, long committed, long applied) {}

  private final Map<Long, Committed> log = new HashMap<>();
  private final Map<Long, String> outcomes = new HashMap<>();
  private final Map<Long, Long> leaders = new HashMap<>();
  private final Map<ConsensusFacts, Known> known = new HashMap<>();
  private final Map<Long, String> states = new HashMap<>();
  private final NavigableMap<Long, List<KeyEvent>> changes = new TreeMap<>();
  private final Tally tally;

  Witness(Tally tally) {
    this.tally = tally;
  }

  void committed(long member, List<Entry> entries) {
    for (Entry entry : entries) {
      Committed now = new Committed(entry.term(), entry.data().hashCode());
      Committed before = log.putIfAbsent(entry.index(), now);
      require(
          before == null || before.equals(now),
          "entry %d at member %x: %s where %s was committed"
              .formatted(entry.index(), member, now, before));
    }
  }

  void answered(long member, List<Answer> answers) {
    for (Answer answer : answers) {
      String now = answer.requestId() + " " + answer.outcome();
      String before = outcomes.putIfAbsent(answer.logIndex(), now);
      require(
          before == null || before.equals(now),
          "outcome of entry %d at member %x: %s, elsewhere %s"
              .formatted(answer.logIndex(), member, now, before));
    }
  }

  /** What a round changed in the v3 keyspace: of each revision all members say the same. */
  void changed(long member, List<KeyEvent> events) {
    NavigableMap<Long, List<KeyEvent>> told = new TreeMap<>();
    events.forEach(
        event -> told.computeIfAbsent(event.revision(), none -> new ArrayList<>()).add(event));
    told.forEach(
        (revision, now) -> {
          List<KeyEvent> before = changes.putIfAbsent(revision, now);
          require(
              before == null || before.equals(now),
              "revision %d of member %x: %s, elsewhere %s"
                  .formatted(revision, member, now, before));
        });
  }

  /** What each revision changed, as far as a member carried it out while it was up. */
  NavigableMap<Long, List<KeyEvent>> changes() {
    return changes;
  }

  /** The whole state of a member at a position. */
  void state(long member, long position, String state) {
    String before = states.putIfAbsent(position, state);
    if (before != null) {
      tally.count("states compared");
    }
    require(
        before == null || before.equals(state),
        "state at %d of member %x: %s, elsewhere %s".formatted(position, member, state, before));
  }

  /** To be called after each event. */
  void look(long member, ConsensusFacts facts) {
    Known now = new Known(facts.term(), facts.committedIndex(), facts.appliedIndex());
    if (facts.role() == Role.LEADER) {
      Long before = leaders.putIfAbsent(now.term, member);
      if (before == null) {
        tally.count("elections");
      }
      require(
          before == null || before == member,
          "two leaders of term %d: %x and %x".formatted(now.term, before, member));
    }
    Known last = known.put(facts, now);
    require(
        last == null
            || (last.term <= now.term
                && last.committed <= now.committed
                && last.applied <= now.applied),
        "member %x went back from %s to %s".formatted(member, last, now));
  }

  /** Entries that a leader was seen to commit, over the whole run. */
  long entries() {
    return log.size();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
