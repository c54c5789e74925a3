// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

/** How large the store is, in bytes. Callable from any thread, never blocks. */
public interface StoreSize {

  /** What it takes on its medium. */
  long total();

  /** What would be left of that after defragmenting. */
  long inUse();

  /** From which total on nothing may be put; 0 for no bound. */
  long quota();
}
