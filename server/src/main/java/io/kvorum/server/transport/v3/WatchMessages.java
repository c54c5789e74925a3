// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.command.EncodedEvent;
import io.kvorum.server.command.WatchEvents;
import io.kvorum.server.command.WatchNotice;
import io.kvorum.server.command.WatchQuery;
import io.kvorum.server.transport.net.SharedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Requests and answers of etcd's Watch service. An event's bytes are copied into a message; a
 * message that was just written for one client is the next one's as well, when that watches the
 * same under the same number.
 */
final class WatchMessages {
  private static final int EVENTS = 11;
  private static final int HEAD_ROOM = 64;
  private static final int CACHED_MAX = 64;
  private static final Bytes FIRST_KEY = Bytes.wrap(new byte[1]);

  /** A message, and what it depends on. */
  private record Written(
      WatchEvents events, long id, boolean previous, long term, SharedMessage message) {

    boolean fits(WatchNotice.Happened happened, long now) {
      return events == happened.events()
          && id == happened.id()
          && previous == happened.query().previous()
          && term == now;
    }
  }

  private final Headers headers;
  private final long messageBytesMax;
  private final AtomicReferenceArray<Written> cached = new AtomicReferenceArray<>(CACHED_MAX);

  /**
   * @param messageBytesMax from how many bytes on a message is cut for clients that allow it
   */
  WatchMessages(Headers headers, long messageBytesMax) {
    this.headers = headers;
    this.messageBytesMax = messageBytesMax;
  }

  // --- in ---

  /** A WatchCreateRequest. */
  static WatchQuery create(ProtoReader in) {
    Bytes key = Bytes.EMPTY;
    Bytes rangeEnd = Bytes.EMPTY;
    long start = 0;
    boolean progress = false;
    List<Long> filters = new ArrayList<>(0);
    boolean previous = false;
    long id = 0;
    boolean fragment = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> key = in.bytes();
        case 2 -> rangeEnd = in.bytes();
        case 3 -> start = in.uint64();
        case 4 -> progress = in.bool();
        case 5 -> in.uint64Into(filters);
        case 6 -> previous = in.bool();
        case 7 -> id = in.uint64();
        case 8 -> fragment = in.bool();
        default -> in.skip();
      }
    }
    return new WatchQuery(
        key.isEmpty() ? FIRST_KEY : key,
        rangeEnd,
        start,
        progress,
        filters.contains(0L),
        filters.contains(1L),
        previous,
        id,
        fragment);
  }

  // --- out ---

  /** Who is told in one message what has no events. */
  Bytes of(WatchNotice.Created created) {
    var out = begin(created.revision(), created.id());
    out.bool(3, true);
    return out.take();
  }

  Bytes of(WatchNotice.Cancelled cancelled) {
    var out = begin(cancelled.revision(), cancelled.id());
    out.bool(4, true);
    return out.take();
  }

  /** The header tells no revision here. */
  Bytes of(WatchNotice.Compacted compacted) {
    var out = begin(0, compacted.id());
    out.bool(4, true);
    out.uint64(5, compacted.compactRevision());
    return out.take();
  }

  Bytes of(WatchNotice.Progress progress) {
    return begin(progress.revision(), progress.id()).take();
  }

  /** A watcher that was not made has no number. */
  Bytes refused(String reason, long revision) {
    var out = begin(revision, -1);
    out.bool(3, true);
    out.bool(4, true);
    out.string(6, reason);
    return out.take();
  }

  private ProtoWriter begin(long revision, long id) {
    var out = new ProtoWriter(HEAD_ROOM);
    begin(out, revision, id);
    return out;
  }

  private void begin(ProtoWriter out, long revision, long id) {
    headers.write(out, revision);
    out.uint64(2, id);
  }

  /** What happened, in one message, or in several when that is long and the client allows it. */
  List<SharedMessage> of(WatchNotice.Happened happened) {
    int place = System.identityHashCode(happened.events()) % CACHED_MAX;
    long term = headers.term();
    var last = cached.get(place);
    if (last != null && last.fits(happened, term)) {
      return List.of(last.message());
    }
    long size = HEAD_ROOM + size(happened);
    if (happened.query().fragment() && size >= messageBytesMax) {
      return fragments(happened);
    }
    var message = message(happened, happened.events().events(), false);
    cached.set(
        place,
        new Written(happened.events(), happened.id(), happened.query().previous(), term, message));
    return List.of(message);
  }

  private static long size(WatchNotice.Happened happened) {
    long size = 0;
    for (var event : happened.events().events()) {
      size += event.size(EVENTS, happened.query().previous());
    }
    return size;
  }

  private List<SharedMessage> fragments(WatchNotice.Happened happened) {
    List<SharedMessage> messages = new ArrayList<>();
    List<EncodedEvent> part = new ArrayList<>();
    long size = HEAD_ROOM;
    for (var event : happened.events().events()) {
      long more = event.size(EVENTS, happened.query().previous());
      if (!part.isEmpty() && size + more >= messageBytesMax) {
        messages.add(message(happened, part, true));
        part.clear();
        size = HEAD_ROOM;
      }
      part.add(event);
      size += more;
    }
    messages.add(message(happened, part, false));
    return messages;
  }

  private SharedMessage message(
      WatchNotice.Happened happened, List<EncodedEvent> events, boolean unfinished) {
    boolean previous = happened.query().previous();
    int size = HEAD_ROOM;
    for (var event : events) {
      size += event.size(EVENTS, previous);
    }
    var out = new ProtoWriter(size);
    begin(out, happened.events().revision(), happened.id());
    out.bool(7, unfinished);
    for (var event : events) {
      event.writeTo(out, EVENTS, previous);
    }
    return new SharedMessage(out.take());
  }
}
