// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.raft.ConfState;
import io.kvorum.raft.Effects;
import io.kvorum.raft.Effects.Role;
import io.kvorum.raft.Entry;
import io.kvorum.raft.HardState;
import io.kvorum.raft.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold after every event, seen from outside: the checker knows all nodes at once, and the
 * disks of the dead.
 *
 * <p>The first node to announce a commit fixes that index for ever; from then on every commit,
 * every application and every new leader is held against it.
 */
final class Checker {

  private record Ballot(long node, long term) {}

  private final World world;
  private final List<Entry> committed = new ArrayList<>();
  private final List<Long> commitTerms = new ArrayList<>();
  private final List<Long> hashes = new ArrayList<>();
  private final Map<Long, Long> leaders = new HashMap<>();
  private final Map<Ballot, Long> votes = new HashMap<>();
  private final Set<Long> placed = new HashSet<>();
  private final Set<Long> refused = new HashSet<>();
  private StoreState newest = StoreState.EMPTY;

  Checker(World world) {
    this.world = world;
  }

  /** The highest index that anybody ever announced as committed. */
  long commitIndex() {
    return committed.size();
  }

  /** Whether write {@code id} is what was committed at {@code index}. */
  boolean holds(long id, long index) {
    return Clients.idOf(committed.get((int) index - 1)) == id;
  }

  /** The most advanced state any node ever reached. */
  StoreState newest() {
    return newest;
  }

  void commitAtBirth(Entry entry) {
    remember(entry, 1);
  }

  private void remember(Entry entry, long term) {
    committed.add(entry);
    commitTerms.add(term);
    hashes.add(StoreState.mix(hashes.isEmpty() ? 0 : hashes.get(hashes.size() - 1), entry));
    long id = Clients.idOf(entry);
    if (id != 0 && !placed.add(id)) {
      throw new Violation("write " + id + " is in the log twice, again at " + entry.index());
    }
    if (refused.contains(id)) {
      throw new Violation("write " + id + " was refused and is in the log at " + entry.index());
    }
  }

  void writeRefused(long id) {
    refused.add(id);
    if (placed.contains(id)) {
      throw new Violation("write " + id + " is in the log and was refused");
    }
  }

  // --- terms, votes, leaders ---

  void leadership(SimNode node, Effects.Leadership view) {
    if (view.term() < node.term()) {
      throw new Violation(node + " went from term " + node.term() + " to " + view);
    }
    if (view.role() != Role.LEADER) {
      return;
    }
    Long other = leaders.putIfAbsent(view.term(), node.id);
    if (other != null && other != node.id) {
      throw new Violation(
          "two leaders of term " + view.term() + ": " + node + " and " + Long.toHexString(other));
    }
    Long vote = votes.get(new Ballot(node.id, view.term()));
    if (vote != null && vote != node.id) {
      throw new Violation(
          node + " leads term " + view.term() + " and voted for " + Long.toHexString(vote));
    }
  }

  /** Leader completeness (Raft, figure 3): whatever an earlier term committed, a leader has. */
  void elected(SimNode node, long term) {
    int last = committed.size();
    while (last > 0 && commitTerms.get(last - 1) >= term) {
      last--;
    }
    if (last > 0) {
      Entry entry = committed.get(last - 1);
      long held = node.view().termAt(last);
      if (held != entry.term() && node.view().start().index() < last) {
        throw new Violation(
            node + " leads term " + term + " without the committed " + entry + ", it has " + held);
      }
    }
  }

  private void vote(SimNode from, long term, long candidate) {
    Long before = votes.putIfAbsent(new Ballot(from.id, term), candidate);
    if (before != null && before != candidate) {
      throw new Violation(
          String.format(
              "%s votes twice in term %d: for %x, then for %x", from, term, before, candidate));
    }
    HardState durable = from.disk.hardState;
    if (durable.term() < term || (durable.term() == term && durable.vote() != candidate)) {
      throw new Violation(from + " lets its vote in term " + term + " out before " + durable);
    }
  }

  // --- commit and application ---

  /** A node announces everything up to {@code hardState.commit()} as committed. */
  void hardState(SimNode node, HardState before, HardState after) {
    if (after.term() < before.term()
        || after.commit() < before.commit()
        || (after.term() == before.term() && before.vote() != 0 && after.vote() != before.vote())) {
      throw new Violation(node + " went from " + before + " to " + after);
    }
    if (after.commit() > node.view().lastIndex()) {
      throw new Violation(node + " commits " + after.commit() + " beyond " + node.view().last());
    }
    boolean first = after.commit() > committed.size();
    long from = Math.max(before.commit(), node.view().start().index()) + 1;
    for (long index = from; index <= after.commit(); index++) {
      Entry entry = node.view().get(index);
      if (index > committed.size()) {
        remember(entry, after.term());
      } else {
        mustBeCommitted(node, entry);
      }
    }
    if (first) {
      mustBeOfOwnTerm(node, after);
      mustBeOnAQuorum(node, after.commit());
    }
  }

  private void mustBeCommitted(SimNode node, Entry entry) {
    Entry known = committed.get((int) entry.index() - 1);
    if (known.term() != entry.term() || !known.data().equals(entry.data())) {
      throw new Violation(node + " commits " + entry + ", but committed is " + known);
    }
  }

  /** Only entries of the own term are committed by counting (Raft, figure 8). */
  private void mustBeOfOwnTerm(SimNode node, HardState after) {
    long term = node.view().termAt(after.commit());
    if (node.isLeader() && node.term() == after.term() && term != after.term()) {
      throw new Violation(node + " commits an entry of term " + term + " by counting: " + after);
    }
  }

  /** A commit is a fact only when a majority of disks, synced, would survive a crash now. */
  private void mustBeOnAQuorum(SimNode node, long index) {
    ConfState now = node.store().confState();
    if (!isOnAQuorum(now, index) && !isOnAQuorum(node.confAtDrain(), index)) {
      throw new Violation(node + " commits " + index + " without a quorum of " + now.voters());
    }
  }

  private boolean isOnAQuorum(ConfState configuration, long index) {
    long term = committed.get((int) index - 1).term();
    int holders = 0;
    for (long voter : configuration.voters()) {
      SimNode other = world.node(voter);
      if (other != null
          && (other.disk.log.termAt(index) == term || other.disk.log.start().index() > index)) {
        holders++;
      }
    }
    return holders > configuration.voters().size() / 2;
  }

  /** A node hands these to its state machine: they must be committed and on its own disk. */
  void handedToApply(SimNode node, List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry.index() > committed.size()) {
        throw new Violation(node + " applies " + entry + " that nobody committed");
      }
      mustBeCommitted(node, entry);
      if (node.disk.log.termAt(entry.index()) != entry.term()
          && node.disk.log.start().index() < entry.index()) {
        throw new Violation(node + " applies " + entry + " before its own log holds it");
      }
    }
  }

  void applied(SimNode node, StoreState state) {
    int index = (int) state.applied().index();
    if (index > committed.size() || hashes.get(index - 1) != state.hash()) {
      throw new Violation(node + " has another state than the others at " + state.applied());
    }
    if (index > newest.applied().index()) {
      newest = state;
    }
  }

  /** A linearizable read must see everything that was committed before it began. */
  void readIndex(SimNode node, long committedBefore, long index) {
    if (index < committedBefore) {
      throw new Violation(
          node + " reads at " + index + " what began when " + committedBefore + " was committed");
    }
    if (index > committed.size()) {
      throw new Violation(node + " reads at " + index + ", beyond everything committed");
    }
  }

  // --- messages ---

  /** A message leaves its node: what it promises must be on the disk. */
  void leaving(SimNode from, Message message) {
    if (message.from() != from.id || message.to() == from.id) {
      throw new Violation(from + " sends " + message);
    }
    switch (message) {
      case Message.VoteResponse m when m.rejected() ->
          world.counts.add(m.preVote() ? Count.PRE_VOTES_REFUSED : Count.VOTES_REFUSED);
      case Message.VoteResponse m when !m.preVote() -> vote(from, m.term(), m.to());
      case Message.VoteRequest m when !m.preVote() -> vote(from, m.term(), from.id);
      case Message.AppendAccepted m when m.index() > 0 -> accepted(from, m);
      case Message.Proposal m -> world.counts.add(Count.WRITES_FORWARDED);
      case Message.InstallSnapshot m -> world.counts.add(Count.SNAPSHOTS_SENT);
      default -> {}
    }
  }

  /**
   * An accepted append is on the disk when its answer leaves. Unless the same sync brought a later
   * term, which may have cut the entries again: the promise was kept while its term lasted.
   */
  private void accepted(SimNode from, Message.AppendAccepted message) {
    long durableTerm = from.disk.hardState.term();
    if (durableTerm > message.term()) {
      return;
    }
    if (durableTerm < message.term() || from.disk.log.lastIndex() < message.index()) {
      throw new Violation(
          from + " sends " + message + " with " + from.disk.log.last() + " on its disk");
    }
    SimNode leader = world.node(message.to());
    if (leader != null && leader.isLeader() && leader.term() == message.term()) {
      long index = message.index();
      long mine = from.disk.log.termAt(index);
      long leaders = leader.view().termAt(index);
      if (mine >= 0 && leaders >= 0 && mine != leaders) {
        throw new Violation(
            from + " sends " + message + ", but holds term " + mine + ", not " + leaders);
      }
    }
  }

  // --- logs ---

  /** Log matching, sampled: equal terms at an index mean equal entries there and before. */
  void afterEvent(long event) {
    if ((event & 63) != 0) {
      return;
    }
    SimLog a = world.anyNode().disk.log;
    SimLog b = world.anyNode().disk.log;
    long from = Math.max(a.start().index(), b.start().index()) + 1;
    long to = Math.min(a.lastIndex(), b.lastIndex());
    if (a != b && from <= to) {
      matches(a, b, from + world.random.nextLong(to - from + 1), from);
    }
  }

  void matchAllLogs() {
    List<SimNode> nodes = new ArrayList<>(world.nodes());
    for (SimNode one : nodes) {
      for (SimNode other : nodes) {
        SimLog a = one.disk.log;
        SimLog b = other.disk.log;
        long from = Math.max(a.start().index(), b.start().index()) + 1;
        for (long i = Math.min(a.lastIndex(), b.lastIndex()); i >= from; i--) {
          matches(a, b, i, from);
        }
      }
    }
  }

  private static void matches(SimLog a, SimLog b, long index, long from) {
    if (a.termAt(index) != b.termAt(index)) {
      return;
    }
    boolean same = a.get(index).data().equals(b.get(index).data());
    if (!same || (index > from && a.termAt(index - 1) != b.termAt(index - 1))) {
      throw new Violation("two logs agree on the term at " + index + " and not before it");
    }
  }
}
