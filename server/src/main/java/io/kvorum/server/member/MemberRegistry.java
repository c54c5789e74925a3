// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.MemberJson;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Membership.Reason;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.V3Command;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The one home of membership: validates each change at its position of the log, so that every
 * member comes to the same answer, and says what the v2 tree must mirror below {@code /0}.
 *
 * <p>A configuration change is refused here or accepted here; a refused one still goes to the raft
 * configuration, as a change of nobody. Owned by the apply thread, except {@link #current}.
 */
public final class MemberRegistry implements MembershipView {

  /** etcd 3.4 and 3.5 allow one learner at a time, and all members must agree on it. */
  private static final int LEARNERS_MAX = 1;

  private Membership working;
  private volatile Membership published;

  /**
   * What a command came to.
   *
   * @param mirror what happens below {@code /0} of the v2 tree in the same step, in this order
   */
  public record Decision(Outcome outcome, List<TreeCommand> mirror) {

    public boolean accepted() {
      return !(outcome instanceof Outcome.Refused);
    }
  }

  private MemberRegistry(Membership membership) {
    working = membership;
    published = membership;
  }

  /** The tables that {@link #open} and the batches need. */
  public static List<Table> tables() {
    return MemberTables.ALL;
  }

  public static MemberRegistry open(Engine engine, MemberId clusterId, MemberId localId) {
    return new MemberRegistry(MemberTables.load(engine, clusterId, localId));
  }

  /** The last published membership. */
  @Override
  public Membership current() {
    return published;
  }

  /** Makes this round's changes visible; to be called after its batch is. */
  public boolean publish() {
    boolean changed = working != published;
    published = working;
    return changed;
  }

  /** The cluster version after everything applied so far. Owned by the apply thread. */
  public Optional<String> clusterVersionNow() {
    return working.clusterVersion();
  }

  public Decision apply(MemberCommand command, Batch batch) {
    Optional<Reason> reason = reasonAgainst(command);
    if (reason.isPresent()) {
      return new Decision(
          new Outcome.Refused(new Refusal.Membership(reason.get(), subject(command))), List.of());
    }
    return new Decision(new Outcome.Done(), carryOut(command, batch));
  }

  /** Notes the beginning or the end of a downgrade. */
  public Outcome apply(V3Command.SetDowngrade command, Batch batch) {
    Optional<String> target = command.enabled() ? Optional.of(command.version()) : Optional.empty();
    working =
        new Membership(
            working.clusterId(),
            working.localId(),
            working.members(),
            working.removed(),
            working.clusterVersion(),
            target);
    MemberTables.putDowngrade(target, batch);
    return new Outcome.Done();
  }

  /** Replaces everything by what a snapshot says. */
  public void replaceAll(Membership membership, Batch batch) {
    working = membership;
    MemberTables.replace(membership, batch);
  }

  private Optional<Reason> reasonAgainst(MemberCommand command) {
    return switch (command) {
      case MemberCommand.Add add -> reasonAgainstAdding(add);
      case MemberCommand.Promote(MemberId id) ->
          presence(id)
              .or(
                  () ->
                      working.find(id).filter(member -> !member.learner()).isPresent()
                          ? Optional.of(Reason.NOT_A_LEARNER)
                          : Optional.empty());
      case MemberCommand.Remove(MemberId id) -> presence(id);
      case MemberCommand.Update(MemberId id, List<String> urls) ->
          presence(id).or(() -> urlsTaken(id, urls));
      case MemberCommand.Publish publish -> presence(publish.id());
      case MemberCommand.SetClusterVersion ignored -> Optional.empty();
    };
  }

  private Optional<Reason> reasonAgainstAdding(MemberCommand.Add add) {
    if (working.removed().contains(add.id())) {
      return Optional.of(Reason.ID_REMOVED);
    }
    if (working.members().containsKey(add.id())) {
      return Optional.of(Reason.ID_EXISTS);
    }
    Optional<Reason> taken = urlsTaken(add.id(), add.peerUrls());
    if (taken.isPresent() || !add.learner()) {
      return taken;
    }
    long learners = working.members().values().stream().filter(Member::learner).count();
    return learners + 1 > LEARNERS_MAX ? Optional.of(Reason.TOO_MANY_LEARNERS) : Optional.empty();
  }

  private Optional<Reason> presence(MemberId id) {
    if (working.removed().contains(id)) {
      return Optional.of(Reason.ID_REMOVED);
    }
    return working.members().containsKey(id) ? Optional.empty() : Optional.of(Reason.ID_NOT_FOUND);
  }

  private Optional<Reason> urlsTaken(MemberId id, List<String> urls) {
    boolean taken =
        working.members().values().stream()
            .filter(member -> !member.id().equals(id))
            .anyMatch(member -> !Collections.disjoint(member.peerUrls(), urls));
    return taken ? Optional.of(Reason.PEER_URL_EXISTS) : Optional.empty();
  }

  private List<TreeCommand> carryOut(MemberCommand command, Batch batch) {
    return switch (command) {
      case MemberCommand.Add add -> {
        Member member = put(added(add), batch);
        yield List.of(
            new TreeCommand.Create(
                raftPath(add.id()),
                false,
                MemberJson.raftAttributes(member.peerUrls(), member.learner()),
                0));
      }
      case MemberCommand.Promote(MemberId id) ->
          updated(
              change(
                  id,
                  was -> new Member(id, was.name(), was.peerUrls(), was.clientUrls(), false),
                  batch));
      case MemberCommand.Update(MemberId id, List<String> urls) ->
          updated(
              change(
                  id,
                  was -> new Member(id, was.name(), urls, was.clientUrls(), was.learner()),
                  batch));
      case MemberCommand.Publish publish -> {
        Member member =
            change(
                publish.id(),
                was ->
                    new Member(
                        was.id(),
                        publish.name(),
                        was.peerUrls(),
                        publish.clientUrls(),
                        was.learner()),
                batch);
        yield List.of(
            new TreeCommand.Set(
                path(member.id(), "/attributes"),
                false,
                MemberJson.attributes(member.name(), member.clientUrls()),
                0,
                false));
      }
      case MemberCommand.Remove(MemberId id) -> {
        remove(id, batch);
        yield List.of(
            new TreeCommand.Delete(path(id, ""), true, true),
            new TreeCommand.Create(
                Bytes.utf8("/0/removed_members/" + id.hex()), false, Bytes.EMPTY, 0));
      }
      case MemberCommand.SetClusterVersion(String version) -> {
        working =
            new Membership(
                working.clusterId(),
                working.localId(),
                working.members(),
                working.removed(),
                Optional.of(version),
                working.downgrade());
        MemberTables.putVersion(version, batch);
        yield List.of(
            new TreeCommand.Set(Bytes.utf8("/0/version"), false, Bytes.utf8(version), 0, false));
      }
    };
  }

  private static Member added(MemberCommand.Add add) {
    return new Member(add.id(), add.name(), add.peerUrls(), List.of(), add.learner());
  }

  private static List<TreeCommand> updated(Member member) {
    return List.of(
        new TreeCommand.Update(
            raftPath(member.id()),
            MemberJson.raftAttributes(member.peerUrls(), member.learner()),
            0,
            false));
  }

  private Member change(MemberId id, Function<Member, Member> step, Batch batch) {
    Member was = working.find(id).orElseThrow(() -> new IllegalStateException("member: " + id));
    return put(step.apply(was), batch);
  }

  private Member put(Member member, Batch batch) {
    TreeMap<MemberId, Member> members = new TreeMap<>(working.members());
    members.put(member.id(), member);
    working = withMembers(members, working.removed());
    MemberTables.put(member, batch);
    return member;
  }

  private void remove(MemberId id, Batch batch) {
    TreeMap<MemberId, Member> members = new TreeMap<>(working.members());
    members.remove(id);
    TreeSet<MemberId> removed = new TreeSet<>(working.removed());
    removed.add(id);
    working = withMembers(members, removed);
    MemberTables.remove(id, batch);
  }

  private Membership withMembers(TreeMap<MemberId, Member> members, Set<MemberId> removed) {
    return new Membership(
        working.clusterId(),
        working.localId(),
        members,
        removed,
        working.clusterVersion(),
        working.downgrade());
  }

  private static MemberId subject(MemberCommand command) {
    return switch (command) {
      case MemberCommand.Add add -> add.id();
      case MemberCommand.Promote(MemberId id) -> id;
      case MemberCommand.Remove(MemberId id) -> id;
      case MemberCommand.Update update -> update.id();
      case MemberCommand.Publish publish -> publish.id();
      case MemberCommand.SetClusterVersion ignored -> MemberId.NONE;
    };
  }

  private static Bytes raftPath(MemberId id) {
    return path(id, "/raftAttributes");
  }

  private static Bytes path(MemberId id, String rest) {
    return Bytes.utf8("/0/members/" + id.hex() + rest);
  }
}
