// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Log entries made with the encoders of etcd 3.4.23. */
final class Vectors {

  /** One entry's bytes. */
  record Vector(String name, Bytes bytes) {}

  private Vectors() {}

  static List<Vector> all() {
    List<Vector> vectors = new ArrayList<>();
    try (InputStream in = Vectors.class.getResourceAsStream("internal-raft-requests.json")) {
      JsonReader json = new JsonReader(in);
      json.beginArray();
      while (json.nextElement()) {
        json.beginObject();
        json.nextMember();
        String name = json.text();
        json.nextMember();
        vectors.add(new Vector(name, Bytes.wrap(HexFormat.of().parseHex(json.text()))));
        json.nextMember();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return vectors;
  }

  static Map<String, Bytes> byName() {
    Map<String, Bytes> byName = new HashMap<>();
    all().forEach(vector -> byName.put(vector.name(), vector.bytes()));
    return byName;
  }
}
