// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.MalformedJson;
import io.kvorum.base.MalformedProto;
import io.kvorum.base.MemberId;
import io.kvorum.base.ProtoReader;
import io.kvorum.raft.ConfChange;
import io.kvorum.raft.Entry;
import io.kvorum.raft.EntryType;
import io.kvorum.raft.RaftWire;
import io.kvorum.server.command.V2Request.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands as log entries: the bytes that members of 2.3, 3.4 and 3.5 write and apply, so that ours
 * can stand beside them in one cluster.
 *
 * <p>v2 commands, the publishing of attributes and the cluster version are raw v2 requests; changes
 * of the membership are configuration changes with the member's JSON. The forms that 3.6 has for
 * the two in the middle are read and never written: they stop older members.
 */
public final class EntryCodec {

  private static final Bytes MEMBERS = Bytes.utf8("/0/members/");
  private static final Bytes ATTRIBUTES = Bytes.utf8("/attributes");
  private static final Bytes CLUSTER_VERSION = Bytes.utf8("/0/version");

  /** What to propose. */
  public record Encoded(EntryType type, Bytes data) {}

  /** What an entry asks for, and the id that a waiting proposer knows it by (0: nobody waits). */
  public record Decoded(long requestId, Command command) {}

  private EntryCodec() {}

  // --- out ---

  /** The entry for {@code command}; in bootstrap entries {@code requestId} is 0. */
  public static Encoded encode(long requestId, Command command) {
    return switch (command) {
      case Command.Nothing nothing -> new Encoded(EntryType.NORMAL, Bytes.EMPTY);
      case TreeCommand tree -> normal(request(requestId, tree));
      case MemberCommand.Publish publish ->
          normal(
              V2Request.put(
                  requestId,
                  MEMBERS.concat(Bytes.utf8(publish.id().hex())).concat(ATTRIBUTES),
                  MemberJson.attributes(publish.name(), publish.clientUrls())));
      case MemberCommand.SetClusterVersion set ->
          normal(V2Request.put(requestId, CLUSTER_VERSION, Bytes.utf8(set.version())));
      case MemberCommand.Add add ->
          change(
              requestId,
              add.learner() ? ConfChange.Type.ADD_LEARNER : ConfChange.Type.ADD_NODE,
              add.id(),
              MemberJson.add(add));
      case MemberCommand.Promote promote ->
          change(
              requestId, ConfChange.Type.ADD_NODE, promote.id(), MemberJson.promote(promote.id()));
      case MemberCommand.Remove remove ->
          change(requestId, ConfChange.Type.REMOVE_NODE, remove.id(), Bytes.EMPTY);
      case MemberCommand.Update update ->
          change(requestId, ConfChange.Type.UPDATE_NODE, update.id(), MemberJson.update(update));
      case V3Request request -> new Encoded(EntryType.NORMAL, V3Codec.encode(requestId, request));
    };
  }

  private static Encoded normal(V2Request request) {
    return new Encoded(EntryType.NORMAL, request.encode());
  }

  private static Encoded change(long requestId, ConfChange.Type type, MemberId id, Bytes context) {
    return new Encoded(
        EntryType.CONF_CHANGE,
        RaftWire.encode(new ConfChange(requestId, type, id.value(), context)));
  }

  private static V2Request request(long id, TreeCommand command) {
    return switch (command) {
      case TreeCommand.Set set ->
          V2Request.of(id, V2Request.PUT, set.path(), set.value(), set.directory(), set.expiresAt())
              .refreshing(set.refresh());
      case TreeCommand.Create create ->
          V2Request.of(
                  id,
                  V2Request.PUT,
                  create.path(),
                  create.value(),
                  create.directory(),
                  create.expiresAt())
              .whenExists(false);
      case TreeCommand.CreateInOrder create ->
          V2Request.of(
              id,
              V2Request.POST,
              create.path(),
              create.value(),
              create.directory(),
              create.expiresAt());
      case TreeCommand.Update update ->
          V2Request.of(id, V2Request.PUT, update.path(), update.value(), false, update.expiresAt())
              .whenExists(true)
              .refreshing(update.refresh());
      case TreeCommand.CompareAndSwap swap ->
          V2Request.of(id, V2Request.PUT, swap.path(), swap.value(), false, swap.expiresAt())
              .when(swap.condition())
              .refreshing(swap.refresh());
      case TreeCommand.Delete delete ->
          V2Request.of(id, V2Request.DELETE, delete.path(), Bytes.EMPTY, delete.directory(), 0)
              .with(new Listing(delete.recursive(), false, false));
      case TreeCommand.CompareAndDelete delete ->
          V2Request.of(id, V2Request.DELETE, delete.path(), Bytes.EMPTY, false, 0)
              .when(delete.condition());
      case TreeCommand.Expire expire ->
          V2Request.of(id, V2Request.SYNC, Bytes.EMPTY, Bytes.EMPTY, false, 0).at(expire.upTo());
      case TreeCommand.Read read ->
          V2Request.of(id, V2Request.QGET, read.path(), Bytes.EMPTY, false, 0)
              .with(new Listing(read.recursive(), read.sorted(), true));
    };
  }

  // --- in ---

  /**
   * What {@code entry} asks for; shares its bytes.
   *
   * @throws V3NotSupported for a command of the v3 API that nobody here knows
   * @throws UnreadableEntry for anything that no member proposes
   */
  public static Decoded decode(Entry entry) {
    try {
      return switch (entry.type()) {
        case NORMAL -> entry.data().isEmpty() ? NOTHING : normal(entry);
        case CONF_CHANGE -> change(entry);
        // No command: only the core's configuration changes, and only the core knows how.
        case CONF_CHANGE_V2 -> NOTHING;
      };
    } catch (MalformedProto | MalformedJson e) {
      throw new UnreadableEntry(entry.index(), e);
    }
  }

  private static final Decoded NOTHING = new Decoded(0, new Command.Nothing());

  /**
   * A raw v2 request or an InternalRaftRequest. Genuine members take it for the first if it does
   * not parse as the second; with the five methods the names in field 2 never do.
   */
  private static Decoded normal(Entry entry) {
    ProtoReader in = new ProtoReader("InternalRaftRequest", entry.data());
    long oldId = 0;
    V3Codec.Header header = V3Codec.Header.NONE;
    Optional<Command> command = Optional.empty();
    Optional<V3Command> v3 = Optional.empty();
    Optional<Bytes> nested = Optional.empty();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> oldId = in.uint64();
        case 2 -> {
          Bytes value = in.bytes();
          if (V2Request.isMethod(value)) {
            return command(entry, V2Request.decode(entry.data()));
          }
          nested = Optional.of(value);
        }
        case V3Codec.HEADER -> header = V3Codec.header(in.message("RequestHeader"));
        case 1300 -> command = Optional.of(clusterVersion(in.message("ClusterVersionSet")));
        case 1301 -> command = Optional.of(attributes(in.message("ClusterMemberAttrSet")));
        default -> {
          Optional<V3Command> found = V3Codec.command(field, in);
          v3 = found.isPresent() ? found : v3;
        }
      }
    }
    if (nested.isPresent()) {
      return command(entry, V2Request.decode(nested.get()));
    }
    if (v3.isPresent()) {
      command = Optional.of(new V3Request(header.requester(), v3.get()));
    }
    return new Decoded(
        oldId != 0 ? oldId : header.id(),
        command.orElseThrow(() -> new V3NotSupported(entry.index())));
  }

  private static Command clusterVersion(ProtoReader in) {
    String version = "";
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        version = in.string();
      } else {
        in.skip();
      }
    }
    return new MemberCommand.SetClusterVersion(version);
  }

  private static Command attributes(ProtoReader in) {
    long id = 0;
    MemberJson.Attributes attributes = new MemberJson.Attributes("", List.of());
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> id = in.uint64();
        case 2 -> attributes = memberAttributes(in.message("Attributes"));
        default -> in.skip();
      }
    }
    return new MemberCommand.Publish(new MemberId(id), attributes.name(), attributes.clientUrls());
  }

  private static MemberJson.Attributes memberAttributes(ProtoReader in) {
    String name = "";
    List<String> clientUrls = new ArrayList<>();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> name = in.string();
        case 2 -> clientUrls.add(in.string());
        default -> in.skip();
      }
    }
    return new MemberJson.Attributes(name, clientUrls);
  }

  private static Decoded command(Entry entry, V2Request request) {
    Bytes method = request.method();
    Bytes path = StorePath.clean(request.path());
    Command command;
    if (method.equals(V2Request.PUT)) {
      command = put(request, path);
    } else if (method.equals(V2Request.POST)) {
      command =
          new TreeCommand.CreateInOrder(
              path, request.directory(), request.value(), request.expiration());
    } else if (method.equals(V2Request.DELETE)) {
      command = delete(request, path);
    } else if (method.equals(V2Request.QGET)) {
      command =
          new TreeCommand.Read(path, request.listing().recursive(), request.listing().sorted());
    } else if (method.equals(V2Request.SYNC)) {
      command = new TreeCommand.Expire(request.time());
    } else {
      throw new UnreadableEntry(entry.index(), "a v2 request with the method " + method);
    }
    return new Decoded(request.id(), command);
  }

  private static Command put(V2Request request, Bytes path) {
    boolean refresh = request.refresh().orElse(false);
    boolean conditional = !request.previous().equals(V2Request.UNCONDITIONAL);
    if (request.previousExists().isPresent() && !request.previousExists().get()) {
      return new TreeCommand.Create(
          path, request.directory(), request.value(), request.expiration());
    }
    if (conditional) {
      return new TreeCommand.CompareAndSwap(
          path, request.value(), request.previous(), request.expiration(), refresh);
    }
    if (request.previousExists().isPresent()) {
      return new TreeCommand.Update(path, request.value(), request.expiration(), refresh);
    }
    if (path.equals(CLUSTER_VERSION)) {
      return new MemberCommand.SetClusterVersion(request.value().utf8());
    }
    Optional<MemberId> member = publishedMember(path);
    if (member.isPresent()) {
      MemberJson.Attributes attributes = MemberJson.parseAttributes(request.value());
      return new MemberCommand.Publish(member.get(), attributes.name(), attributes.clientUrls());
    }
    return new TreeCommand.Set(
        path, request.directory(), request.value(), request.expiration(), refresh);
  }

  private static Command delete(V2Request request, Bytes path) {
    return request.previous().equals(V2Request.UNCONDITIONAL)
        ? new TreeCommand.Delete(path, request.directory(), request.listing().recursive())
        : new TreeCommand.CompareAndDelete(path, request.previous());
  }

  /** The id in {@code /0/members/ID/attributes}, 1 to 16 hex digits. */
  private static Optional<MemberId> publishedMember(Bytes path) {
    int end = path.length() - ATTRIBUTES.length();
    if (!path.startsWith(MEMBERS)
        || end <= MEMBERS.length()
        || !path.slice(end, path.length()).equals(ATTRIBUTES)) {
      return Optional.empty();
    }
    String id = path.slice(MEMBERS.length(), end).utf8();
    return id.matches("[0-9a-fA-F]{1,16}") ? Optional.of(MemberId.parseHex(id)) : Optional.empty();
  }

  private static Decoded change(Entry entry) {
    ConfChange change = RaftWire.decodeConfChange(entry.data());
    MemberId id = new MemberId(change.nodeId());
    Command command =
        switch (change.type()) {
          case ADD_NODE, ADD_LEARNER -> added(entry, change);
          case REMOVE_NODE -> new MemberCommand.Remove(id);
          case UPDATE_NODE -> new MemberCommand.Update(id, context(entry, change).peerUrls());
        };
    return new Decoded(change.id(), command);
  }

  private static Command added(Entry entry, ConfChange change) {
    MemberJson.Context context = context(entry, change);
    return context.promote()
        ? new MemberCommand.Promote(context.id())
        : new MemberCommand.Add(
            context.id(),
            context.peerUrls(),
            context.name(),
            change.type() == ConfChange.Type.ADD_LEARNER);
  }

  private static MemberJson.Context context(Entry entry, ConfChange change) {
    MemberJson.Context context = MemberJson.parseContext(change.context());
    if (context.id().value() != change.nodeId()) {
      throw new UnreadableEntry(
          entry.index(),
          "a change of node "
              + MemberId.hex(change.nodeId())
              + " that speaks of member "
              + context.id());
    }
    return context;
  }
}
