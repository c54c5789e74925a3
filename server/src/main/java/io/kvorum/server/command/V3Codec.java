// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.command.V3Request.Requester;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands of the v3 API as fields of etcd's InternalRaftRequest, in the order of their numbers, so
 * byte for byte what genuine members write.
 */
final class V3Codec {

  static final int HEADER = 100;

  private static final int RANGE = 3;
  private static final int PUT = 4;
  private static final int DELETE_RANGE = 5;
  private static final int TXN = 6;
  private static final int COMPACTION = 7;
  private static final int LEASE_GRANT = 8;
  private static final int LEASE_REVOKE = 9;
  private static final int ALARM = 10;
  private static final int LEASE_CHECKPOINT = 11;
  private static final int AUTH_STATUS = 1013;
  private static final int USER_GET = 1102;
  private static final int USER_LIST = 1106;
  private static final int ROLE_LIST = 1107;
  private static final int ROLE_GET = 1202;
  private static final int DOWNGRADE_INFO = 1302;
  private static final int VERSION_TEST = 9900;

  /** Header, tags and numbers of an entry, besides keys and values. */
  private static final int ROOM = 96;

  /** A RequestHeader. */
  record Header(long id, Requester requester) {
    static final Header NONE = new Header(0, Requester.NOBODY);
  }

  private V3Codec() {}

  // --- out ---

  static Bytes encode(long id, V3Request request) {
    V3Command command = request.command();
    ProtoWriter out = new ProtoWriter(room(command));
    int field = field(command);
    if (field > HEADER) {
      header(out, id, request.requester());
    }
    int mark = out.begin(field);
    write(out, command);
    out.end(mark);
    if (field < HEADER) {
      header(out, id, request.requester());
    }
    return out.take();
  }

  private static int room(V3Command command) {
    return command instanceof KeyspaceCommand.Put put
        ? ROOM + put.key().length() + put.value().length()
        : ROOM;
  }

  private static void header(ProtoWriter out, long id, Requester requester) {
    int mark = out.begin(HEADER);
    out.uint64(1, id);
    out.string(2, requester.user());
    out.uint64(3, requester.authRevision());
    out.end(mark);
  }

  private static int field(V3Command command) {
    return switch (command) {
      case KeyspaceCommand.Put put -> PUT;
      case KeyspaceCommand.DeleteRange delete -> DELETE_RANGE;
      case KeyspaceCommand.Txn txn -> TXN;
      case KeyspaceCommand.Compact compact -> COMPACTION;
      case LeaseCommand.Grant grant -> LEASE_GRANT;
      case LeaseCommand.Revoke revoke -> LEASE_REVOKE;
      case LeaseCommand.Checkpoint checkpoint -> LEASE_CHECKPOINT;
      case AlarmCommand alarm -> ALARM;
      case AuthCommand auth -> AuthCodec.field(auth);
      case V3Command.SetDowngrade set -> DOWNGRADE_INFO;
      case V3Command.LoggedRead read -> read.field();
    };
  }

  private static void write(ProtoWriter out, V3Command command) {
    switch (command) {
      case KeyspaceCommand change -> KeyspaceWriter.write(out, change);
      case LeaseCommand change -> write(out, change);
      case AlarmCommand alarm -> {
        out.enumeration(1, alarm.action().ordinal());
        out.uint64(2, alarm.memberId());
        out.enumeration(3, alarm.type());
      }
      case AuthCommand change -> AuthCodec.write(out, change);
      case V3Command.SetDowngrade set -> {
        out.bool(1, set.enabled());
        out.string(2, set.version());
      }
      case V3Command.LoggedRead read -> out.put(read.request());
    }
  }

  private static void write(ProtoWriter out, LeaseCommand command) {
    switch (command) {
      case LeaseCommand.Grant grant -> {
        out.uint64(1, grant.ttlSeconds());
        out.uint64(2, grant.id());
      }
      case LeaseCommand.Revoke revoke -> out.uint64(1, revoke.id());
      case LeaseCommand.Checkpoint checkpoint -> {
        for (LeaseCommand.Remaining lease : checkpoint.remaining()) {
          int mark = out.begin(1);
          out.uint64(1, lease.id());
          out.uint64(2, lease.ttlSeconds());
          out.end(mark);
        }
      }
    }
  }

  // --- in ---

  static Header header(ProtoReader in) {
    long id = 0;
    String user = "";
    long authRevision = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> id = in.uint64();
        case 2 -> user = in.string();
        case 3 -> authRevision = in.uint64();
        default -> in.skip();
      }
    }
    boolean nobody = user.isEmpty() && authRevision == 0;
    return new Header(id, nobody ? Requester.NOBODY : new Requester(user, authRevision));
  }

  /**
   * The command in the current field of {@code in}; none, and the field passed over, if unknown.
   */
  static Optional<V3Command> command(int field, ProtoReader in) {
    KeyspaceReader keys = KeyspaceReader.OF_THE_LOG;
    return switch (field) {
      case PUT -> Optional.of(keys.put(in.message("PutRequest")));
      case DELETE_RANGE -> Optional.of(keys.deleteRange(in.message("DeleteRangeRequest")));
      case TXN -> Optional.of(keys.txn(in.message("TxnRequest")));
      case COMPACTION -> Optional.of(keys.compact(in.message("CompactionRequest")));
      case LEASE_GRANT -> Optional.of(grant(in.message("LeaseGrantRequest")));
      case LEASE_REVOKE -> Optional.of(revoke(in.message("LeaseRevokeRequest")));
      case LEASE_CHECKPOINT -> Optional.of(checkpoint(in.message("LeaseCheckpointRequest")));
      case ALARM -> Optional.of(alarm(in.message("AlarmRequest")));
      case DOWNGRADE_INFO -> Optional.of(downgrade(in.message("DowngradeInfoSetRequest")));
      case RANGE, AUTH_STATUS, USER_GET, USER_LIST, ROLE_LIST, ROLE_GET, VERSION_TEST ->
          Optional.of(new V3Command.LoggedRead(field, in.bytes()));
      default -> AuthCodec.command(field, in);
    };
  }

  private static V3Command grant(ProtoReader in) {
    long ttlSeconds = 0;
    long id = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> ttlSeconds = in.uint64();
        case 2 -> id = in.uint64();
        default -> in.skip();
      }
    }
    return new LeaseCommand.Grant(id, ttlSeconds);
  }

  private static V3Command revoke(ProtoReader in) {
    long id = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        id = in.uint64();
      } else {
        in.skip();
      }
    }
    return new LeaseCommand.Revoke(id);
  }

  private static V3Command checkpoint(ProtoReader in) {
    List<LeaseCommand.Remaining> remaining = new ArrayList<>();
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        remaining.add(remaining(in.message("LeaseCheckpoint")));
      } else {
        in.skip();
      }
    }
    return new LeaseCommand.Checkpoint(remaining);
  }

  private static LeaseCommand.Remaining remaining(ProtoReader in) {
    long id = 0;
    long ttlSeconds = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> id = in.uint64();
        case 2 -> ttlSeconds = in.uint64();
        default -> in.skip();
      }
    }
    return new LeaseCommand.Remaining(id, ttlSeconds);
  }

  private static V3Command alarm(ProtoReader in) {
    int action = 0;
    long memberId = 0;
    int type = 0;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> action = in.enumeration();
        case 2 -> memberId = in.uint64();
        case 3 -> type = in.enumeration();
        default -> in.skip();
      }
    }
    AlarmCommand.Action[] actions = AlarmCommand.Action.values();
    // Genuine members do nothing about an action they do not know.
    boolean known = action >= 0 && action < actions.length;
    return new AlarmCommand(known ? actions[action] : AlarmCommand.Action.GET, memberId, type);
  }

  private static V3Command downgrade(ProtoReader in) {
    boolean enabled = false;
    String version = "";
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> enabled = in.bool();
        case 2 -> version = in.string();
        default -> in.skip();
      }
    }
    return new V3Command.SetDowngrade(enabled, version);
  }
}
