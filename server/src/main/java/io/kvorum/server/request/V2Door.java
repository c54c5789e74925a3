// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.auth.AuthState;
import io.kvorum.server.tree.TreeView;
import java.util.function.Supplier;

/**
 * Whether the v2 API may still be used by anybody for more than reading. Its users are its own:
 * whoever switches on authentication in v3 would leave a second door open. Any thread.
 */
public final class V2Door {

  /** What to tell who stands before it when it is shut. */
  public static final String SHUT =
      "v3 authentication is on and v2 authentication is off: close the v2 API with"
          + " --enable-v2=false, or leave it open to everybody with --v2-anonymous=true";

  private final Supplier<AuthState> v3;
  private final Supplier<TreeView> v2;
  private final boolean anonymous;

  /**
   * @param anonymous whether it stays open all the same
   */
  public V2Door(Supplier<AuthState> v3, Supplier<TreeView> v2, boolean anonymous) {
    this.v3 = v3;
    this.v2 = v2;
    this.anonymous = anonymous;
  }

  /** Whether only reading is left. */
  public boolean isShut() {
    return !anonymous && v3.get().enabled() && !new AuthView(v2.get()).enabled();
  }
}
