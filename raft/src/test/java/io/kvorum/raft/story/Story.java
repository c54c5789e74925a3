// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.story;

import io.kvorum.base.Bytes;
import io.kvorum.raft.ConfChange;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.Input;
import io.kvorum.raft.Message;
import io.kvorum.raft.RaftConfig;
import io.kvorum.raft.RaftWire;
import io.kvorum.raft.Status;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Carries out a story's commands and tells what came of each.
 *
 * <pre>
 *   cluster VOTERS [+LEARNERS] [key=value ..]   nodes 1..; keys: heartbeat prevote
 *                                    checkquorum tail message inflight
 *   join N                           a new node with nothing on its disk
 *   campaign N | tick N|all COUNT | advance N COUNT
 *   propose N TEXT ..                one batch of proposals
 *   big N COUNT BYTES                a batch of COUNT proposals of BYTES bytes each
 *   change N add|learner|remove|update ID ..  one batch of membership changes
 *   read N CONTEXT .. | transfer N TARGET
 *   deliver [A->B]                   what is under way now, once (or only from A to B)
 *   settle                           deliver until nothing is under way
 *   drop [A->B]                      lose what is under way
 *   repeat                           what is under way is doubled
 *   cut A->B | cut N | heal          a link fails one way, a node fails all ways, all is well
 *   slow N | persist N | fast N      the disk holds back, does its work once, works at once again
 *   lazy N | apply N | eager N       likewise the state machine
 *   crash N | restart N
 *   release N INDEX                  N's disk forgets its log up to INDEX
 *   offer N PEER | sent N PEER yes|no | unavailable N PEER | unreachable N PEER
 *   state | peers N
 *   quietly COMMAND                  tell nothing of it
 * </pre>
 */
final class Story {

  private final TreeMap<Long, Actor> actors = new TreeMap<>();
  private final Set<String> cuts = new HashSet<>();

  /** The configuration before the first entry; in these stories no log begins with it. */
  private ConfState boot = ConfState.EMPTY;

  private List<Message> underWay = new ArrayList<>();
  private List<String> told = new ArrayList<>();

  /** What happened, a line each. */
  List<String> run(String command) {
    told = new ArrayList<>();
    boolean quiet = command.startsWith("quietly ");
    String[] words = command.replaceFirst("^quietly ", "").trim().split(" +");
    execute(words);
    actors.values().forEach(Actor::drain);
    return quiet ? List.of() : told;
  }

  private void execute(String[] words) {
    switch (words[0]) {
      case "cluster" -> cluster(words);
      case "join" -> add(config(number(words[1]), words), boot);
      case "campaign" -> actor(words[1]).step(new Input.Campaign());
      case "tick" -> tick(words[1], (int) number(words[2]));
      case "advance" ->
          actor(words[1]).step(new Input.AdvanceElectionTimer((int) number(words[2])));
      case "propose" -> actor(words[1]).step(new Input.Propose(texts(words, 2)));
      case "big" -> actor(words[1]).step(new Input.Propose(big(words)));
      case "change" -> actor(words[1]).step(new Input.Propose(changes(words)));
      case "read" -> {
        for (int i = 2; i < words.length; i++) {
          actor(words[1]).step(new Input.RequestRead(Bytes.utf8(words[i])));
        }
      }
      case "transfer" -> actor(words[1]).step(new Input.TransferLeadership(number(words[2])));
      case "deliver" -> deliver(words.length > 1 ? words[1] : "");
      case "settle" -> settle();
      case "drop" -> take(words.length > 1 ? words[1] : "");
      case "repeat" -> underWay.addAll(List.copyOf(underWay));
      case "cut" -> cuts.add(words[1]);
      case "heal" -> cuts.clear();
      case "slow" -> actor(words[1]).slowDisk = true;
      case "persist" -> actor(words[1]).persist();
      case "fast" -> {
        actor(words[1]).slowDisk = false;
        actor(words[1]).persist();
      }
      case "lazy" -> actor(words[1]).lazyApply = true;
      case "apply" -> actor(words[1]).apply();
      case "eager" -> {
        actor(words[1]).lazyApply = false;
        actor(words[1]).apply();
      }
      case "crash" -> actor(words[1]).crash();
      case "restart" -> actor(words[1]).restart();
      case "release" -> actor(words[1]).release(number(words[2]));
      case "offer" ->
          actor(words[1])
              .step(new Input.SnapshotReady(number(words[2]), actor(words[1]).snapshot()));
      case "sent" ->
          actor(words[1]).step(new Input.SnapshotSent(number(words[2]), words[3].equals("yes")));
      case "unavailable" -> actor(words[1]).step(new Input.SnapshotUnavailable(number(words[2])));
      case "unreachable" -> actor(words[1]).step(new Input.Unreachable(number(words[2])));
      case "state" -> actors.values().forEach(actor -> told.add(actor.describe()));
      case "peers" -> actor(words[1]).core.status().peers().forEach(this::describe);
      default -> throw new IllegalArgumentException("unknown command: " + words[0]);
    }
  }

  private void cluster(String[] words) {
    long voters = number(words[1]);
    long learners = words.length > 2 && words[2].startsWith("+") ? number(words[2]) : 0;
    boot =
        ConfState.of(
            LongStream.rangeClosed(1, voters).boxed().toList(),
            LongStream.rangeClosed(voters + 1, voters + learners).boxed().toList());
    actors.clear();
    for (long id = 1; id <= voters + learners; id++) {
      add(config(id, words), boot);
    }
  }

  private void add(RaftConfig config, ConfState conf) {
    actors.put(config.id(), new Actor(config, conf, told(), this::send));
  }

  /** The list changes with each command, so what is handed out looks it up each time. */
  private java.util.function.Consumer<String> told() {
    return line -> told.add(line);
  }

  private static RaftConfig config(long id, String[] words) {
    RaftConfig plain = RaftConfig.of(id);
    return new RaftConfig(
        id,
        plain.electionTicks(),
        option(words, "heartbeat", plain.heartbeatTicks()),
        option(words, "message", plain.messageBytesMax()),
        option(words, "inflight", plain.inflightMax()),
        option(words, "tail", (int) plain.tailBytesMax()),
        option(words, "prevote", 1) == 1,
        option(words, "checkquorum", 1) == 1);
  }

  private static int option(String[] words, String key, int otherwise) {
    for (String word : words) {
      if (word.startsWith(key + "=")) {
        return Integer.parseInt(word.substring(key.length() + 1));
      }
    }
    return otherwise;
  }

  private void tick(String who, int count) {
    for (int i = 0; i < count; i++) {
      for (Actor actor : who.equals("all") ? actors.values() : List.of(actor(who))) {
        actor.step(new Input.Tick());
        actor.drain();
      }
    }
  }

  private static List<Entry> texts(String[] words, int from) {
    List<Entry> entries = new ArrayList<>();
    for (int i = from; i < words.length; i++) {
      entries.add(Entry.proposal(Bytes.utf8(words[i])));
    }
    return entries;
  }

  private static List<Entry> big(String[] words) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < number(words[2]); i++) {
      entries.add(Entry.proposal(Bytes.wrap(new byte[(int) number(words[3])])));
    }
    return entries;
  }

  private static List<Entry> changes(String[] words) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 2; i + 1 < words.length; i += 2) {
      ConfChange.Type type =
          switch (words[i].toLowerCase(Locale.ROOT)) {
            case "add" -> ConfChange.Type.ADD_NODE;
            case "learner" -> ConfChange.Type.ADD_LEARNER;
            case "remove" -> ConfChange.Type.REMOVE_NODE;
            case "update" -> ConfChange.Type.UPDATE_NODE;
            default -> throw new IllegalArgumentException(words[i]);
          };
      ConfChange change = new ConfChange(1, type, number(words[i + 1]), Bytes.EMPTY);
      entries.add(new Entry(EntryType.CONF_CHANGE, 0, 0, RaftWire.encode(change)));
    }
    return entries;
  }

  private void send(Message message) {
    boolean lost =
        cuts.contains(message.from() + "->" + message.to())
            || cuts.contains("" + message.from())
            || cuts.contains("" + message.to());
    told.add(Words.of(message) + (lost ? " - lost" : ""));
    if (!lost) {
      underWay.add(message);
    }
  }

  private List<Message> take(String link) {
    List<Message> taken = new ArrayList<>();
    List<Message> left = new ArrayList<>();
    for (Message message : underWay) {
      boolean wanted = link.isEmpty() || link.equals(message.from() + "->" + message.to());
      (wanted ? taken : left).add(message);
    }
    underWay = left;
    return taken;
  }

  private void deliver(String link) {
    for (Message message : take(link)) {
      Actor target = actors.get(message.to());
      if (target != null) {
        target.step(new Input.Received(message));
      }
    }
    actors.values().forEach(Actor::drain);
  }

  private void settle() {
    actors.values().forEach(Actor::drain);
    for (int rounds = 0; !underWay.isEmpty(); rounds++) {
      if (rounds > 1000) {
        throw new IllegalStateException("the nodes never stop talking: " + underWay);
      }
      deliver("");
    }
  }

  private void describe(Status.Peer peer) {
    told.add(
        peer.id()
            + " "
            + peer.state().toLowerCase(Locale.ROOT)
            + (peer.paused() ? " paused" : "")
            + " match "
            + peer.match()
            + " next "
            + peer.next()
            + (peer.learner() ? " learner" : ""));
  }

  private Actor actor(String id) {
    Actor actor = actors.get(number(id));
    if (actor == null) {
      throw new IllegalArgumentException("no node " + id);
    }
    return actor;
  }

  private static long number(String word) {
    return Long.parseLong(word.replace("+", ""));
  }
}
