// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.client;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.v3.wire.Message;
import java.util.List;

/**
 * A place in a queue of keys under one name: {@code NAME/LEASE}, ordered by creation. Who is first
 * holds the lock or leads. The same keys as those of etcd's own recipes, so all of them queue
 * together.
 *
 * <pre>
 *   enter    txn: key absent → put it with the lease; else read it (and proclaim another value)
 *   wait     last key created before mine ── there → watch its deletion, look again
 *                                         └ none  → mine is first, if it is still there
 *   leave    delete the key
 * </pre>
 */
public final class TurnQueue {

  private static final int KVS = 2;
  private static final int CREATE_REVISION = 2;
  private static final int VALUE = 5;
  private static final int REVISION = 3;

  private final EtcdClient client;
  private final LeaseSession session;
  private final Bytes prefix;
  private final Bytes key;
  private long created;
  private long headerRevision;

  public TurnQueue(EtcdClient client, LeaseSession session, Bytes name) {
    this.client = client;
    this.session = session;
    this.prefix = name.concat(Bytes.utf8("/"));
    this.key = prefix.concat(Bytes.utf8(Long.toHexString(session.lease())));
  }

  /** The key of this place. */
  public Bytes key() {
    return key;
  }

  /** The store's revision when the place was taken or last looked at. */
  public long headerRevision() {
    return headerRevision;
  }

  /** Takes a place with a value; the same lease keeps the one it has. */
  public void enter(Bytes value) {
    ProtoWriter txn = new ProtoWriter();
    createdIs(txn, 0);
    put(txn, 2, value);
    int get = txn.begin(3);
    int range = txn.begin(1);
    txn.bytes(1, key);
    txn.end(range);
    txn.end(get);
    Message answer = client.call(Rpc.TXN, txn, Deadline.NEVER);
    headerRevision = answer.header().number(REVISION);
    created = headerRevision;
    if (!answer.flag(2)) {
      Message held = answer.messages(3).get(0).message(1).messages(KVS).get(0);
      created = held.number(CREATE_REVISION);
      if (!held.bytes(VALUE).equals(value)) {
        proclaim(value);
      }
    }
  }

  private void proclaim(Bytes value) {
    ProtoWriter txn = new ProtoWriter();
    createdIs(txn, created);
    put(txn, 2, value);
    client.call(Rpc.TXN, txn, Deadline.NEVER);
  }

  private void createdIs(ProtoWriter txn, long revision) {
    int compare = txn.begin(1);
    txn.enumeration(2, 1);
    txn.bytes(3, key);
    txn.uint64Always(5, revision);
    txn.end(compare);
  }

  private void put(ProtoWriter txn, int branch, Bytes value) {
    int operation = txn.begin(branch);
    int put = txn.begin(2);
    txn.bytes(1, key);
    txn.bytes(2, value);
    txn.uint64(3, session.lease());
    txn.end(put);
    txn.end(operation);
  }

  /** Waits until this place is the first; false when it is lost. */
  public boolean awaitFirst() {
    for (; ; ) {
      Message before = client.call(Rpc.RANGE, lastBefore(), Deadline.NEVER);
      List<Message> found = before.messages(KVS);
      if (found.isEmpty()) {
        return !own().messages(KVS).isEmpty() && !session.isOver();
      }
      awaitDeletion(found.get(0).bytes(1), before.header().number(REVISION) + 1);
    }
  }

  private ProtoWriter lastBefore() {
    ProtoWriter range = new ProtoWriter();
    range.bytes(1, prefix);
    range.bytes(2, endOf(prefix));
    range.uint64(3, 1);
    range.enumeration(5, 2);
    range.enumeration(6, 2);
    range.uint64(13, created - 1);
    return range;
  }

  /** The prefix ends in a slash, so the next byte is its end. */
  private static Bytes endOf(Bytes prefix) {
    byte[] end = prefix.toArray();
    end[end.length - 1]++;
    return Bytes.wrap(end);
  }

  private void awaitDeletion(Bytes other, long revision) {
    WatchStream stream = new WatchStream(client);
    stream.add(new WatchOrder(other, Bytes.EMPTY, revision, false, false, false));
    for (; ; ) {
      WatchStream.Delivery delivery = stream.next();
      if (delivery.canceled() || !delivery.events().isEmpty()) {
        stream.close();
        return;
      }
    }
  }

  /** The answer with the key of this place. */
  public Message own() {
    ProtoWriter range = new ProtoWriter();
    range.bytes(1, key);
    Message answer = client.call(Rpc.RANGE, range, Deadline.NEVER);
    headerRevision = answer.header().number(REVISION);
    return answer;
  }

  /** Gives the place up. */
  public void leave() {
    ProtoWriter delete = new ProtoWriter();
    delete.bytes(1, key);
    try {
      client.call(Rpc.DELETE_RANGE, delete);
    } catch (RpcFailure e) {
      // It goes with its lease.
    }
  }
}
