// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

/** How large the v3 data are, in bytes. Callable from any thread, never blocks. */
public interface StoreSize {

  /** What the quota bounds. */
  long total();

  /** What would be left of that after defragmenting. */
  long inUse();

  /** From which total on nothing may be put; 0 for no bound. */
  long quota();
}
