// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.lease;

import java.util.Optional;
import java.util.function.Consumer;

/** The leases that stand, as of the last round that readers may see. Any thread. */
public interface LeaseView {

  Optional<Lease> find(long id);

  /**
   * Shows all of them as they are at one moment, in the order of their ids read without a sign.
   * Reads everything: not for a thread that others wait for.
   */
  void forEach(Consumer<Lease> reader);
}
