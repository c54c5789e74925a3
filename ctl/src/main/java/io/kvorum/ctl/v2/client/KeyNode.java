// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.json.JsonReader;
import io.kvorum.ctl.json.JsonSyntaxException;
import io.kvorum.ctl.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key or directory in an answer of the keys API.
 *
 * @param value empty for a directory
 * @param nodes a directory's children; null when the answer has no such list, which the JSON output
 *     tells from an empty one
 * @param createdIndex unsigned
 * @param modifiedIndex unsigned
 * @param expiration as the server wrote it; empty without a time to live
 * @param ttl seconds left; 0 without a time to live
 */
public record KeyNode(
    String key,
    boolean dir,
    String value,
    @Nullable List<KeyNode> nodes,
    long createdIndex,
    long modifiedIndex,
    String expiration,
    long ttl) {

  static KeyNode read(JsonReader json) throws JsonSyntaxException {
    String key = "";
    boolean dir = false;
    String value = "";
    List<KeyNode> nodes = null;
    long createdIndex = 0;
    long modifiedIndex = 0;
    String expiration = "";
    long ttl = 0;
    json.beginObject();
    while (json.hasMore()) {
      switch (json.name()) {
        case "key" -> key = json.text();
        case "dir" -> dir = json.truth();
        case "value" -> value = json.text();
        case "nodes" -> nodes = readAll(json);
        case "createdIndex" -> createdIndex = json.number();
        case "modifiedIndex" -> modifiedIndex = json.number();
        case "expiration" -> expiration = json.text();
        case "ttl" -> ttl = json.number();
        default -> json.skip();
      }
    }
    json.end();
    return new KeyNode(key, dir, value, nodes, createdIndex, modifiedIndex, expiration, ttl);
  }

  private static @Nullable List<KeyNode> readAll(JsonReader json) throws JsonSyntaxException {
    if (json.nextIsNull()) {
      return null;
    }
    List<KeyNode> nodes = new ArrayList<>();
    json.beginArray();
    while (json.hasMore()) {
      nodes.add(read(json));
    }
    json.end();
    return nodes;
  }

  /** The children, none when there is no list. */
  public List<KeyNode> children() {
    return nodes == null ? List.of() : nodes;
  }

  void append(StringBuilder json) {
    json.append("{\"key\":");
    JsonWriter.appendText(json, key);
    if (dir) {
      json.append(",\"dir\":true");
    }
    json.append(",\"value\":");
    JsonWriter.appendText(json, value);
    json.append(",\"nodes\":");
    appendNodes(json);
    json.append(",\"createdIndex\":").append(Long.toUnsignedString(createdIndex));
    json.append(",\"modifiedIndex\":").append(Long.toUnsignedString(modifiedIndex));
    if (!expiration.isEmpty()) {
      json.append(",\"expiration\":");
      JsonWriter.appendText(json, expiration);
    }
    if (ttl != 0) {
      json.append(",\"ttl\":").append(ttl);
    }
    json.append('}');
  }

  private void appendNodes(StringBuilder json) {
    if (nodes == null) {
      json.append("null");
      return;
    }
    json.append('[');
    for (int i = 0; i < nodes.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      nodes.get(i).append(json);
    }
    json.append(']');
  }
}
