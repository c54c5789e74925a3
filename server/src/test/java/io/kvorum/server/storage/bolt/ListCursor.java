// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.base.Bytes;
import io.kvorum.server.storage.engine.Cursor;
import java.util.List;
import java.util.Map;

/** Walks over records in memory. */
final class ListCursor implements Cursor {

  private final List<Map.Entry<Bytes, Bytes>> entries;
  private int at = -1;

  ListCursor(List<Map.Entry<Bytes, Bytes>> entries) {
    this.entries = entries;
  }

  @Override
  public boolean next() {
    return ++at < entries.size();
  }

  @Override
  public Bytes key() {
    return entries.get(at).getKey();
  }

  @Override
  public Bytes value() {
    return entries.get(at).getValue();
  }

  @Override
  public void close() {}
}
