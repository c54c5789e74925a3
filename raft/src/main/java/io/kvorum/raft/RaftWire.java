// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static io.kvorum.base.ProtoWriter.sizeOfMessage;
import static io.kvorum.base.ProtoWriter.sizeOfUint64;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * etcd's raftpb bytes: what members send each other and what the log on disk holds.
 *
 * <p>Written as etcd 3.4 writes them, every scalar whether zero or not, so that the same value has
 * the same bytes on genuine members and on ours. Read as every release writes them: an absent field
 * is its default, an unknown one is skipped. All decoding throws {@link MalformedProto}, and what
 * it returns shares the source's array.
 */
public final class RaftWire {

  private RaftWire() {}

  /** A message off the network, with the state that a snapshot message brings along. */
  public record Decoded(Message message, Bytes snapshotData) {

    /** Whether this only keeps a link alive: a heartbeat from nobody to nobody. */
    public boolean isLinkHeartbeat() {
      return message instanceof Message.Heartbeat && message.to() == 0 && message.from() == 0;
    }
  }

  /** What keeps a quiet link alive. */
  public static final Message LINK_HEARTBEAT = new Message.Heartbeat(0, 0, 0, 0, Bytes.EMPTY);

  // --- messages ---

  /** Any message but a snapshot's. */
  public static Bytes encode(Message message) {
    return encode(message, Bytes.EMPTY);
  }

  /** {@code snapshotData} is what an {@link Message.InstallSnapshot} carries, else empty. */
  public static Bytes encode(Message message, Bytes snapshotData) {
    MessageFields fields = MessageFields.of(message, snapshotData);
    ProtoWriter out = new ProtoWriter(fields.size());
    fields.write(out);
    return out.take();
  }

  /** How many bytes {@link #write(ProtoWriter, Message)} will add. */
  public static int size(Message message) {
    return MessageFields.of(message, Bytes.EMPTY).size();
  }

  public static void write(ProtoWriter out, Message message) {
    MessageFields.of(message, Bytes.EMPTY).write(out);
  }

  /** Empty for types that never come from another member, and for ones unknown to us. */
  public static Optional<Decoded> decodeMessage(Bytes source) {
    MessageFields fields = MessageFields.read(new ProtoReader("Message", source));
    return fields.toMessage().map(message -> new Decoded(message, fields.snapshotData));
  }

  // --- entries ---

  /** The encoded size: what flow control and batch limits count. */
  public static int size(Entry entry) {
    return sizeOfUint64(1, entry.type().ordinal())
        + sizeOfUint64(2, entry.term())
        + sizeOfUint64(3, entry.index())
        + (entry.data().isEmpty() ? 0 : sizeOfMessage(4, entry.data().length()));
  }

  public static void write(ProtoWriter out, Entry entry) {
    out.enumerationAlways(1, entry.type().ordinal());
    out.uint64Always(2, entry.term());
    out.uint64Always(3, entry.index());
    out.bytes(4, entry.data());
  }

  public static Bytes encode(Entry entry) {
    ProtoWriter out = new ProtoWriter(size(entry));
    write(out, entry);
    return out.take();
  }

  public static Entry decodeEntry(Bytes source) {
    return readEntry(new ProtoReader("Entry", source));
  }

  static Entry readEntry(ProtoReader in) {
    EntryType type = EntryType.NORMAL;
    long term = 0;
    long index = 0;
    Bytes data = Bytes.EMPTY;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> type = constant(in, ENTRY_TYPES);
        case 2 -> term = in.uint64();
        case 3 -> index = in.uint64();
        case 4 -> data = in.bytes();
        default -> in.skip();
      }
    }
    return new Entry(type, term, index, data);
  }

  // --- hard state ---

  public static void write(ProtoWriter out, HardState state) {
    out.uint64Always(1, state.term());
    out.uint64Always(2, state.vote());
    out.uint64Always(3, state.commit());
  }

  public static Bytes encode(HardState state) {
    ProtoWriter out = new ProtoWriter(24);
    write(out, state);
    return out.toBytes();
  }

  public static HardState decodeHardState(Bytes source) {
    ProtoReader in = new ProtoReader("HardState", source);
    long term = 0;
    long vote = 0;
    long commit = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> term = in.uint64();
        case 2 -> vote = in.uint64();
        case 3 -> commit = in.uint64();
        default -> in.skip();
      }
    }
    return new HardState(term, vote, commit);
  }

  // --- configuration ---

  /** Without tag and length: also nested in a log's snapshot record. */
  public static void write(ProtoWriter out, ConfState state) {
    state.voters().forEach(id -> out.uint64Always(1, id));
    state.learners().forEach(id -> out.uint64Always(2, id));
    state.votersOutgoing().forEach(id -> out.uint64Always(3, id));
    state.learnersNext().forEach(id -> out.uint64Always(4, id));
    out.boolAlways(5, state.autoLeave());
  }

  public static Bytes encode(ConfState state) {
    ProtoWriter out = new ProtoWriter();
    write(out, state);
    return out.toBytes();
  }

  public static ConfState decodeConfState(Bytes source) {
    return readConfState(new ProtoReader("ConfState", source));
  }

  /** From a nested reader, e.g. of a log's snapshot record. */
  public static ConfState readConfState(ProtoReader in) {
    List<Long> voters = new ArrayList<>();
    List<Long> learners = new ArrayList<>();
    List<Long> votersOutgoing = new ArrayList<>();
    List<Long> learnersNext = new ArrayList<>();
    boolean autoLeave = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> in.uint64Into(voters);
        case 2 -> in.uint64Into(learners);
        case 3 -> in.uint64Into(votersOutgoing);
        case 4 -> in.uint64Into(learnersNext);
        case 5 -> autoLeave = in.bool();
        default -> in.skip();
      }
    }
    return new ConfState(voters, learners, votersOutgoing, learnersNext, autoLeave);
  }

  public static Bytes encode(ConfChange change) {
    ProtoWriter out = new ProtoWriter(32 + change.context().length());
    out.uint64Always(1, change.id());
    out.enumerationAlways(2, change.type().ordinal());
    out.uint64Always(3, change.nodeId());
    out.bytes(4, change.context());
    return out.toBytes();
  }

  public static ConfChange decodeConfChange(Bytes source) {
    ProtoReader in = new ProtoReader("ConfChange", source);
    long id = 0;
    ConfChange.Type type = ConfChange.Type.ADD_NODE;
    long nodeId = 0;
    Bytes context = Bytes.EMPTY;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> id = in.uint64();
        case 2 -> type = constant(in, CHANGE_TYPES);
        case 3 -> nodeId = in.uint64();
        case 4 -> context = in.bytes();
        default -> in.skip();
      }
    }
    return new ConfChange(id, type, nodeId, context);
  }

  /** No data at all means: leave the joint phase. */
  public static ConfChangeV2 decodeConfChangeV2(Bytes source) {
    ProtoReader in = new ProtoReader("ConfChangeV2", source);
    ConfChangeV2.Transition transition = ConfChangeV2.Transition.AUTO;
    List<ConfChangeV2.Single> changes = new ArrayList<>();
    Bytes context = Bytes.EMPTY;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> transition = constant(in, TRANSITIONS);
        case 2 -> changes.add(readSingle(in.message("ConfChangeSingle")));
        case 3 -> context = in.bytes();
        default -> in.skip();
      }
    }
    return new ConfChangeV2(transition, changes, context);
  }

  private static ConfChangeV2.Single readSingle(ProtoReader in) {
    ConfChange.Type type = ConfChange.Type.ADD_NODE;
    long nodeId = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> type = constant(in, CHANGE_TYPES);
        case 2 -> nodeId = in.uint64();
        default -> in.skip();
      }
    }
    return new ConfChangeV2.Single(type, nodeId);
  }

  // --- snapshots ---

  /** raftpb.Snapshot: the metadata with the state it stands for. */
  public record Snapshot(SnapshotMetadata metadata, Bytes data) {}

  public static void write(ProtoWriter out, SnapshotMetadata metadata) {
    int mark = out.begin(1);
    write(out, metadata.confState());
    out.end(mark);
    out.uint64Always(2, metadata.position().index());
    out.uint64Always(3, metadata.position().term());
  }

  public static void write(ProtoWriter out, Snapshot snapshot) {
    out.bytes(1, snapshot.data());
    int mark = out.begin(2);
    write(out, snapshot.metadata());
    out.end(mark);
  }

  public static Bytes encode(SnapshotMetadata metadata) {
    ProtoWriter out = new ProtoWriter();
    write(out, metadata);
    return out.toBytes();
  }

  public static Bytes encode(Snapshot snapshot) {
    ProtoWriter out = new ProtoWriter(128 + snapshot.data().length());
    write(out, snapshot);
    return out.toBytes();
  }

  public static Snapshot decodeSnapshot(Bytes source) {
    return readSnapshot(new ProtoReader("Snapshot", source));
  }

  static Snapshot readSnapshot(ProtoReader in) {
    Bytes data = Bytes.EMPTY;
    SnapshotMetadata metadata = SnapshotMetadata.EMPTY;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> data = in.bytes();
        case 2 -> metadata = readSnapshotMetadata(in.message("SnapshotMetadata"));
        default -> in.skip();
      }
    }
    return new Snapshot(metadata, data);
  }

  public static SnapshotMetadata decodeSnapshotMetadata(Bytes source) {
    return readSnapshotMetadata(new ProtoReader("SnapshotMetadata", source));
  }

  private static SnapshotMetadata readSnapshotMetadata(ProtoReader in) {
    ConfState confState = ConfState.EMPTY;
    long index = 0;
    long term = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> confState = readConfState(in.message("ConfState"));
        case 2 -> index = in.uint64();
        case 3 -> term = in.uint64();
        default -> in.skip();
      }
    }
    return new SnapshotMetadata(new LogPosition(term, index), confState);
  }

  private static final List<EntryType> ENTRY_TYPES = List.of(EntryType.values());
  private static final List<ConfChange.Type> CHANGE_TYPES = List.of(ConfChange.Type.values());

  private static final List<ConfChangeV2.Transition> TRANSITIONS =
      List.of(ConfChangeV2.Transition.values());

  private static <E extends Enum<E>> E constant(ProtoReader in, List<E> constants) {
    int number = in.enumeration();
    if (number < 0 || number >= constants.size()) {
      throw in.malformed("enum number " + number + " is unknown");
    }
    return constants.get(number);
  }
}
