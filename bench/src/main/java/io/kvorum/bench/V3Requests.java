// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.bench.grpc.Once;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Requests and answers of etcd's v3 API, as far as the loads need them (etcd's rpc.proto). */
final class V3Requests {

  static final String PUT = "/etcdserverpb.KV/Put";
  static final String RANGE = "/etcdserverpb.KV/Range";
  static final String TXN = "/etcdserverpb.KV/Txn";
  static final String WATCH = "/etcdserverpb.Watch/Watch";
  static final String GRANT = "/etcdserverpb.Lease/LeaseGrant";
  static final String KEEP_ALIVE = "/etcdserverpb.Lease/LeaseKeepAlive";

  private static final int EVENTS = 11;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private V3Requests() {}

  static byte[] put(Bytes key, Bytes value) {
    ProtoWriter out = new ProtoWriter();
    putInto(key, value, out);
    return out.toBytes().toArray();
  }

  private static void putInto(Bytes key, Bytes value, ProtoWriter out) {
    out.bytes(1, key);
    out.bytes(2, value);
  }

  static byte[] range(Bytes key, boolean serializable) {
    ProtoWriter out = new ProtoWriter();
    out.bytes(1, key);
    out.bool(7, serializable);
    return out.toBytes().toArray();
  }

  /** All keys from {@code from} up to, not including, {@code to}. */
  static byte[] range(Bytes from, Bytes to) {
    ProtoWriter out = new ProtoWriter();
    out.bytes(1, from);
    out.bytes(2, to);
    return out.toBytes().toArray();
  }

  /** Puts if the key exists, which it does, and reads what it has put. */
  static byte[] txn(Bytes key, Bytes value) {
    ProtoWriter out = new ProtoWriter();
    int compare = out.begin(1);
    out.enumeration(1, 1);
    out.enumeration(2, 1);
    out.bytes(3, key);
    out.uint64Always(5, 0);
    out.end(compare);
    int put = out.begin(2);
    int request = out.begin(2);
    putInto(key, value, out);
    out.end(request);
    out.end(put);
    int read = out.begin(2);
    request = out.begin(1);
    out.bytes(1, key);
    out.end(request);
    out.end(read);
    return out.toBytes().toArray();
  }

  static byte[] watch(Bytes from, Bytes to) {
    ProtoWriter out = new ProtoWriter();
    int create = out.begin(1);
    out.bytes(1, from);
    out.bytes(2, to);
    out.end(create);
    return out.toBytes().toArray();
  }

  static byte[] keepAlive(long lease) {
    ProtoWriter out = new ProtoWriter();
    out.uint64(1, lease);
    return out.toBytes().toArray();
  }

  /** Makes a lease that lasts longer than any load. */
  static long grantedLease(String member) throws IOException {
    ProtoWriter out = new ProtoWriter();
    out.uint64(1, 3600);
    Bytes answer =
        Once.call(member, GRANT, out.toBytes().toArray(), PATIENCE)
            .orElseThrow(() -> new IOException(member + ": no lease was granted"));
    ProtoReader reader = new ProtoReader("LeaseGrantResponse", answer);
    for (int field = reader.next(); field != 0; field = reader.next()) {
      if (field == 2) {
        return reader.uint64();
      }
      reader.skip();
    }
    throw new IOException(member + ": a lease without an id");
  }

  /** Hands over the value of each event of a watch's answer; says whether there were any. */
  static boolean events(Bytes answer, Consumer<Bytes> each) {
    boolean any = false;
    ProtoReader reader = new ProtoReader("WatchResponse", answer);
    for (int field = reader.next(); field != 0; field = reader.next()) {
      if (field == EVENTS) {
        any = true;
        each.accept(value(reader.message("Event")));
      } else {
        reader.skip();
      }
    }
    return any;
  }

  private static Bytes value(ProtoReader event) {
    for (int field = event.next(); field != 0; field = event.next()) {
      if (field == 2) {
        ProtoReader pair = event.message("KeyValue");
        for (int part = pair.next(); part != 0; part = pair.next()) {
          if (part == 5) {
            return pair.bytes();
          }
          pair.skip();
        }
      } else {
        event.skip();
      }
    }
    return Bytes.EMPTY;
  }

  /** Whether the write was acknowledged within this time. */
  static boolean put(String member, String key, int patienceMillis) {
    byte[] request = put(Bytes.utf8(key), Bytes.utf8("x"));
    return Once.call(member, PUT, request, Duration.ofMillis(patienceMillis)).isPresent();
  }

  /** Whether a linearizable read was answered within this time. */
  static boolean read(String member, String key, int patienceMillis) {
    byte[] request = range(Bytes.utf8(key), false);
    return Once.call(member, RANGE, request, Duration.ofMillis(patienceMillis)).isPresent();
  }
}
