// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.engine;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Changes that become visible, and durable, together. They count in the order they were added. Not
 * thread-safe; reusable after {@link Engine#write} has returned.
 */
public final class Batch {

  /** One change. */
  public sealed interface Change {
    Table table();
  }

  /** Sets a key. */
  public record Put(Table table, Bytes key, Bytes value) implements Change {}

  /** Removes a key; a missing one is fine. */
  public record Delete(Table table, Bytes key) implements Change {}

  /** Removes every key of a range, those that this batch put before included. */
  public record DeleteRange(Table table, KeyRange range) implements Change {}

  private final List<Change> changes = new ArrayList<>();

  public Batch put(Table table, Bytes key, Bytes value) {
    changes.add(new Put(table, key, value));
    return this;
  }

  public Batch delete(Table table, Bytes key) {
    changes.add(new Delete(table, key));
    return this;
  }

  public Batch deleteRange(Table table, KeyRange range) {
    changes.add(new DeleteRange(table, range));
    return this;
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** A live, unmodifiable view in the order of addition. */
  public List<Change> changes() {
    return Collections.unmodifiableList(changes);
  }
}
