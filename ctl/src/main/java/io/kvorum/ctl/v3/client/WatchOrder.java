// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.client;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;

/**
 * What to watch.
 *
 * @param end empty for one key
 * @param revision the first one to see; 0 for the next
 */
public record WatchOrder(
    Bytes key, Bytes end, long revision, boolean previous, boolean progress, boolean putsToo) {

  private static final int NO_PUT = 0;

  /** The request that creates it, from a revision on. */
  Bytes request(long from) {
    ProtoWriter request = new ProtoWriter();
    int create = request.begin(1);
    request.bytes(1, key);
    request.bytes(2, end);
    request.uint64(3, from);
    request.bool(4, progress);
    if (!putsToo) {
      request.enumerationAlways(5, NO_PUT);
    }
    request.bool(6, previous);
    request.end(create);
    return request.toBytes();
  }
}
