// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;

/**
 * One change of a key with the bytes of etcd's {@code mvccpb.Event}, written once however many
 * clients are told of it. The version before lies beside them, as only some ask for it.
 */
public final class EncodedEvent {

  private static final int TYPE = 1;
  private static final int KV = 2;
  private static final int PREVIOUS = 3;
  private static final int ROOM = 16;

  private final KeyEvent.Kind kind;
  private final long revision;
  private final Bytes key;
  private final Bytes body;
  private final int kvLength;
  private final Bytes previous;

  private EncodedEvent(
      KeyEvent.Kind kind, long revision, Bytes key, Bytes body, int kvLength, Bytes previous) {
    this.kind = kind;
    this.revision = revision;
    this.key = key;
    this.body = body;
    this.kvLength = kvLength;
    this.previous = previous;
  }

  /** Encodes {@code event}; what comes back keeps nothing of the request that made the change. */
  public static EncodedEvent of(KeyEvent event) {
    Bytes kv = event.kv().encoded();
    ProtoWriter out = new ProtoWriter(kv.length() + ROOM);
    out.enumeration(TYPE, event.kind().ordinal());
    out.bytesAlways(KV, kv);
    Bytes body = out.take();
    Bytes own = body.slice(body.length() - kv.length(), body.length());
    return new EncodedEvent(
        event.kind(),
        event.revision(),
        KeyValue.read(own).key(),
        body,
        kv.length(),
        event.previous().map(before -> before.encoded().compact()).orElse(Bytes.EMPTY));
  }

  public KeyEvent.Kind kind() {
    return kind;
  }

  public long revision() {
    return revision;
  }

  /** What was put; of a deletion only its key and revision. */
  public KeyValue kv() {
    return KeyValue.read(body.slice(body.length() - kvLength, body.length()));
  }

  public Bytes key() {
    return key;
  }

  /** About how much memory it takes. */
  public long bytes() {
    return 64L + body.length() + previous.length();
  }

  /** How long it is as a field of a message. */
  public int size(int field, boolean withPrevious) {
    return ProtoWriter.sizeOfMessage(field, content(withPrevious));
  }

  /** Adds it to a message. */
  public void writeTo(ProtoWriter out, int field, boolean withPrevious) {
    out.messageHeader(field, content(withPrevious));
    out.put(body);
    if (withPrevious && !previous.isEmpty()) {
      out.bytesAlways(PREVIOUS, previous);
    }
  }

  private int content(boolean withPrevious) {
    return withPrevious && !previous.isEmpty()
        ? body.length() + ProtoWriter.sizeOfMessage(PREVIOUS, previous.length())
        : body.length();
  }

  /** For messages and test failures. */
  @Override
  public String toString() {
    return kind + " " + key + "@" + revision;
  }
}
