// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.wire;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import java.util.Base64;
import java.util.List;

/**
 * Messages as etcdctl's JSON has them: proto names, numbers as numbers, bytes in base64, nothing
 * that is zero. With {@code hex}, ids of clusters, members and leases are texts in hexadecimal.
 */
public final class MessageJson {

  private final GoJson json;
  private final boolean hex;

  public MessageJson(GoJson json, boolean hex) {
    this.json = json;
    this.hex = hex;
  }

  /** Writes a message as an object. */
  public void object(Message message) {
    json.beginObject();
    fields(message);
    json.endObject();
  }

  /** Writes a message's fields into the object that is open. */
  public void fields(Message message) {
    boolean wrapped = message.shape().name().equals("ResponseOp");
    if (wrapped) {
      json.name("Response").beginObject();
    }
    List<Shape.Field> fields = message.shape().fields();
    for (int i = 0; i < fields.size(); i++) {
      Object value = message.inSlot(i);
      if (value != null) {
        field(fields.get(i), value);
      }
    }
    if (wrapped) {
      json.endObject();
    }
  }

  private void field(Shape.Field field, Object value) {
    if (field.repeated()) {
      json.name(field.name()).beginArray();
      for (Object each : (List<?>) value) {
        value(field.kind(), each);
      }
      json.endArray();
    } else if (!isZero(value)) {
      json.name(field.name());
      value(field.kind(), value);
    }
  }

  private static boolean isZero(Object value) {
    return value.equals(0L) || value.equals(false) || value.equals("") || value.equals(Bytes.EMPTY);
  }

  private void value(Shape.Kind kind, Object value) {
    switch (kind) {
      case INTEGER -> json.value((long) value);
      case UNSIGNED -> json.unsigned((long) value);
      case ID, LEASE -> id(kind, (long) value);
      case FLAG -> json.value((boolean) value);
      case TEXT -> json.value((String) value);
      case DATA -> base64((Bytes) value);
      case NESTED -> object((Message) value);
    }
  }

  /** An id, in the notation that was asked for. */
  public void id(long id) {
    id(Shape.Kind.ID, id);
  }

  /** The id of a lease. */
  public void lease(long id) {
    id(Shape.Kind.LEASE, id);
  }

  private void id(Shape.Kind kind, long id) {
    if (hex) {
      json.value(Long.toHexString(id));
    } else if (kind == Shape.Kind.LEASE) {
      json.value(id);
    } else {
      json.unsigned(id);
    }
  }

  /** Bytes as a text. */
  public void base64(Bytes bytes) {
    json.value(Base64.getEncoder().encodeToString(bytes.toArray()));
  }
}
