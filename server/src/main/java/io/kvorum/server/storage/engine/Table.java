// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

/**
 * A named, ordered key space of its own inside an engine.
 *
 * @param name letters, digits and underscores; etcd's bucket name where it has one
 */
public record Table(String name) {

  public Table {
    if (!name.matches("[a-zA-Z0-9_]{1,64}")) {
      throw new IllegalArgumentException(
          "table name \"" + name + "\": expected 1 to 64 letters, digits or underscores");
    }
  }
}
