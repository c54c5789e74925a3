// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.GoTime;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.request.KeyName;
import io.vertx.core.http.HttpHeaders;

/** Events and nodes of {@code /v2/keys} as JSON: field order and omissions as in etcd 2.3.7. */
final class KeysJson {
  static final CharSequence ETCD_INDEX = HttpHeaders.createOptimized("X-Etcd-Index");
  static final CharSequence RAFT_INDEX = HttpHeaders.createOptimized("X-Raft-Index");
  static final CharSequence RAFT_TERM = HttpHeaders.createOptimized("X-Raft-Term");

  private static final long NANOS = 1_000_000_000L;

  private KeysJson() {}

  /**
   * One event and a line end.
   *
   * @param now Unix nanoseconds: what {@code ttl} counts from
   */
  static Bytes event(TreeEvent event, long now) {
    var json = new GoJson(256 + valueBytes(event.node()));
    json.beginObject().name("action").value(event.action().text());
    node(json.name("node"), event.node(), now);
    event.previous().ifPresent(before -> node(json.name("prevNode"), before, now));
    return json.endObject().newline().toBytes();
  }

  private static int valueBytes(NodeView node) {
    return node.value().map(Bytes::length).orElse(0);
  }

  private static void node(GoJson json, NodeView node, long now) {
    json.beginObject();
    Bytes key = KeyName.shown(node.key());
    if (!key.isEmpty()) {
      json.name("key").value(key);
    }
    node.value().ifPresent(value -> json.name("value").value(value));
    if (node.directory()) {
      json.name("dir").value(true);
    }
    if (node.expiresAt() != 0) {
      deadline(json, node.expiresAt(), now);
    }
    if (!node.children().isEmpty()) {
      json.name("nodes").beginArray();
      node.children().forEach(child -> node(json, child, now));
      json.endArray();
    }
    index(json, "modifiedIndex", node.modifiedIndex());
    index(json, "createdIndex", node.createdIndex());
    json.endObject();
  }

  private static void index(GoJson json, String name, long index) {
    if (index != 0) {
      json.name(name).value(index);
    }
  }

  private static void deadline(GoJson json, long expiresAt, long now) {
    json.name("expiration").value(GoTime.format(expiresAt));
    long ttl = timeToLive(expiresAt, now);
    if (ttl != 0) {
      json.name("ttl").value(ttl);
    }
  }

  /** What is left, rounded up to seconds; after the deadline 0, then negative, cut off. */
  static long timeToLive(long expiresAt, long now) {
    long left = expiresAt - now;
    // Readings of a clock far apart: as Go does, stop at the ends of the range.
    if (((expiresAt ^ now) & (expiresAt ^ left)) < 0) {
      left = expiresAt < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    return left / NANOS + (left % NANOS > 0 ? 1 : 0);
  }
}
