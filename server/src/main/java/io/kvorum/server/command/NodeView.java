// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A v2 node as seen from outside at one moment.
 *
 * @param key the full store path ({@code /1/...} for user keys)
 * @param value present for files that show one; absent for directories and removed nodes
 * @param expiresAt Unix nanoseconds, 0 for none; {@code ttl} is computed when encoded
 * @param children shown children in byte order of their names; hidden ones are left out
 */
public record NodeView(
    Bytes key,
    Optional<Bytes> value,
    boolean directory,
    long expiresAt,
    long createdIndex,
    long modifiedIndex,
    List<NodeView> children) {

  public NodeView {
    children = List.copyOf(children);
  }
}
