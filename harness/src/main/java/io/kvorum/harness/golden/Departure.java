// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.List;
import java.util.Optional;

/** A reviewed line about one line of one recording. */
public sealed interface Departure {
  /** The recording's name, as in {@link Replay#run}. */
  String file();

  /** The line in the recording. */
  int n();

  /** Why. */
  String reason();

  /**
   * One field is different here, and always like this.
   *
   * @param ours what is expected instead; empty when the field must be missing
   */
  record Differs(String file, int n, String field, Optional<String> ours, String reason)
      implements Departure {}

  /** The step is not replayed. */
  record Excluded(String file, int n, String reason) implements Departure {}

  /** The step is replayed so much later than its turn comes. */
  record Delayed(String file, int n, int seconds, String reason) implements Departure {}

  /** The command is run with other arguments, but must give the recorded result. */
  record Reworded(String file, int n, List<String> argv, String reason) implements Departure {
    public Reworded {
      argv = List.copyOf(argv);
    }
  }
}
