// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.command.TreeCommand.Condition;
import java.util.Optional;

/**
 * The message {@code etcdserverpb.Request}: how v2 commands stand in the log. Every field is
 * written whether zero or not, but for the two whose presence says something.
 *
 * @param method PUT, POST, DELETE, QGET or SYNC
 * @param expiration Unix nanoseconds, 0 for none
 * @param time for SYNC, Unix nanoseconds
 */
record V2Request(
    long id,
    Bytes method,
    Bytes path,
    Bytes value,
    boolean directory,
    Condition previous,
    Optional<Boolean> previousExists,
    long expiration,
    Listing listing,
    long time,
    Waiting waiting,
    Optional<Boolean> refresh) {

  static final Bytes PUT = Bytes.utf8("PUT");
  static final Bytes POST = Bytes.utf8("POST");
  static final Bytes DELETE = Bytes.utf8("DELETE");
  static final Bytes QGET = Bytes.utf8("QGET");
  static final Bytes SYNC = Bytes.utf8("SYNC");

  /** How a read is meant; {@code recursive} also of a delete. */
  record Listing(boolean recursive, boolean sorted, boolean quorum) {
    static final Listing PLAIN = new Listing(false, false, false);
  }

  /** Of watches: never in a log with a meaning. */
  record Waiting(boolean waits, long since, boolean stream) {
    static final Waiting NONE = new Waiting(false, 0, false);
  }

  static final Condition UNCONDITIONAL = new Condition(Bytes.EMPTY, 0);

  private static final V2Request NOTHING = of(0, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY, false, 0);

  static boolean isMethod(Bytes text) {
    return text.equals(PUT)
        || text.equals(POST)
        || text.equals(DELETE)
        || text.equals(QGET)
        || text.equals(SYNC);
  }

  static V2Request put(long id, Bytes path, Bytes value) {
    return of(id, PUT, path, value, false, 0);
  }

  static V2Request of(
      long id, Bytes method, Bytes path, Bytes value, boolean directory, long expiration) {
    return new V2Request(
        id,
        method,
        path,
        value,
        directory,
        UNCONDITIONAL,
        Optional.empty(),
        expiration,
        Listing.PLAIN,
        0,
        Waiting.NONE,
        Optional.empty());
  }

  V2Request when(Condition condition) {
    Draft draft = new Draft(this);
    draft.previous = condition;
    return draft.request();
  }

  V2Request whenExists(boolean exists) {
    Draft draft = new Draft(this);
    draft.previousExists = Optional.of(exists);
    return draft.request();
  }

  V2Request with(Listing other) {
    Draft draft = new Draft(this);
    draft.listing = other;
    return draft.request();
  }

  V2Request at(long unixNanos) {
    Draft draft = new Draft(this);
    draft.time = unixNanos;
    return draft.request();
  }

  /** A false refresh is what clients of 2.3 leave out. */
  V2Request refreshing(boolean refreshes) {
    Draft draft = new Draft(this);
    draft.refresh = refreshes ? Optional.of(true) : refresh;
    return draft.request();
  }

  Bytes encode() {
    ProtoWriter out = new ProtoWriter(96 + path.length() + value.length());
    out.uint64Always(1, id);
    out.bytesAlways(2, method);
    out.bytesAlways(3, path);
    out.bytesAlways(4, value);
    out.boolAlways(5, directory);
    out.bytesAlways(6, previous.value());
    out.uint64Always(7, previous.index());
    previousExists.ifPresent(exists -> out.boolAlways(8, exists));
    out.uint64Always(9, expiration);
    out.boolAlways(10, waiting.waits());
    out.uint64Always(11, waiting.since());
    out.boolAlways(12, listing.recursive());
    out.boolAlways(13, listing.sorted());
    out.boolAlways(14, listing.quorum());
    out.uint64Always(15, time);
    out.boolAlways(16, waiting.stream());
    refresh.ifPresent(refreshes -> out.boolAlways(17, refreshes));
    return out.toBytes();
  }

  /** Strict: throws {@link io.kvorum.base.MalformedProto} on a wrong wire type. */
  static V2Request decode(Bytes data) {
    ProtoReader in = new ProtoReader("Request", data);
    Draft draft = new Draft(NOTHING);
    for (int field = in.next(); field != 0; field = in.next()) {
      draft.read(field, in);
    }
    return draft.request();
  }

  /** The fields while they are being set: the only place besides the header that lists them. */
  private static final class Draft {
    long id;
    Bytes method;
    Bytes path;
    Bytes value;
    boolean directory;
    Condition previous;
    Optional<Boolean> previousExists;
    long expiration;
    Listing listing;
    long time;
    Waiting waiting;
    Optional<Boolean> refresh;

    Draft(V2Request start) {
      id = start.id;
      method = start.method;
      path = start.path;
      value = start.value;
      directory = start.directory;
      previous = start.previous;
      previousExists = start.previousExists;
      expiration = start.expiration;
      listing = start.listing;
      time = start.time;
      waiting = start.waiting;
      refresh = start.refresh;
    }

    void read(int field, ProtoReader in) {
      switch (field) {
        case 1 -> id = in.uint64();
        case 2 -> method = in.bytes();
        case 3 -> path = in.bytes();
        case 4 -> value = in.bytes();
        case 5 -> directory = in.bool();
        case 6 -> previous = new Condition(in.bytes(), previous.index());
        case 7 -> previous = new Condition(previous.value(), in.uint64());
        case 8 -> previousExists = Optional.of(in.bool());
        case 9 -> expiration = in.uint64();
        case 10 -> waiting = new Waiting(in.bool(), waiting.since, waiting.stream);
        case 11 -> waiting = new Waiting(waiting.waits, in.uint64(), waiting.stream);
        case 12 -> listing = new Listing(in.bool(), listing.sorted, listing.quorum);
        case 13 -> listing = new Listing(listing.recursive, in.bool(), listing.quorum);
        case 14 -> listing = new Listing(listing.recursive, listing.sorted, in.bool());
        case 15 -> time = in.uint64();
        case 16 -> waiting = new Waiting(waiting.waits, waiting.since, in.bool());
        case 17 -> refresh = Optional.of(in.bool());
        default -> in.skip();
      }
    }

    V2Request request() {
      return new V2Request(
          id,
          method,
          path,
          value,
          directory,
          previous,
          previousExists,
          expiration,
          listing,
          time,
          waiting,
          refresh);
    }
  }
}
