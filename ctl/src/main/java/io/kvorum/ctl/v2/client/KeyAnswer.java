// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.json.JsonReader;
import io.kvorum.ctl.json.JsonSyntaxException;
import io.kvorum.ctl.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * What the keys API says to a successful request.
 *
 * @param action what was done: {@code get}, {@code set}, {@code delete}, ...
 * @param node the key it was done to
 * @param prevNode the key as it was before; null when there was none
 * @param index the store's index at the answer, unsigned
 */
public record KeyAnswer(String action, KeyNode node, @Nullable KeyNode prevNode, long index) {

  static KeyAnswer parse(String body, long index) throws JsonSyntaxException {
    JsonReader json = new JsonReader(body);
    String action = "";
    KeyNode node = null;
    KeyNode prevNode = null;
    json.beginObject();
    while (json.hasMore()) {
      switch (json.name()) {
        case "action" -> action = json.text();
        case "node" -> node = readNode(json);
        case "prevNode" -> prevNode = readNode(json);
        default -> json.skip();
      }
    }
    json.end();
    json.finish();
    if (node == null) {
      throw new JsonSyntaxException("no node");
    }
    return new KeyAnswer(action, node, prevNode, index);
  }

  private static @Nullable KeyNode readNode(JsonReader json) throws JsonSyntaxException {
    return json.nextIsNull() ? null : KeyNode.read(json);
  }

  /** Whether the action was a plain delete, which leaves nothing to show but the old value. */
  public boolean isDelete() {
    return action.equals("delete");
  }

  /** The value before, empty when there was none. */
  public String previousValue() {
    return prevNode == null ? "" : prevNode.value();
  }

  /** The answer as one line of JSON, fields in etcdctl's order. */
  public String toJson() {
    StringBuilder json = new StringBuilder("{\"action\":");
    JsonWriter.appendText(json, action);
    json.append(",\"node\":");
    node.append(json);
    json.append(",\"prevNode\":");
    if (prevNode == null) {
      json.append("null");
    } else {
      prevNode.append(json);
    }
    return json.append('}').toString();
  }
}
