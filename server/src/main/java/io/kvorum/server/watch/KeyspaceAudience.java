// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import io.kvorum.server.command.KeyEvent;
import java.util.List;

/** Is told what happened to the v3 keyspace, on the apply thread, once readers can see it. */
public interface KeyspaceAudience {

  /** Where nobody watches. */
  KeyspaceAudience NOBODY =
      new KeyspaceAudience() {
        @Override
        public void changed(List<KeyEvent> events) {}

        @Override
        public void replaced() {}
      };

  /** What one round changed, whole revisions in order; never empty. */
  void changed(List<KeyEvent> events);

  /** The keyspace is another member's now, further on than it was. */
  void replaced();
}
