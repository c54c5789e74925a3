// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who led when a recording was made. Which member wins an election is left to chance, but much of
 * what follows depends on it, so a replay has the leadership moved to where it was.
 */
final class Leaders {
  private static final Pattern LISTED = Pattern.compile("name=(\\S+) .*isLeader=true");

  private Leaders() {}

  /**
   * The leader that the steps from {@code at} on tell of, before a server is started or ends again.
   */
  static Optional<String> told(List<Step> steps, int at) {
    for (Step step : steps.subList(at, steps.size())) {
      if (step instanceof Step.Command command) {
        Matcher matcher = LISTED.matcher(command.recorded().fields().getOrDefault("stdout", ""));
        if (matcher.find()) {
          return Optional.of(matcher.group(1));
        }
      } else if (changesServers(step)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  static boolean changesServers(Step step) {
    return switch (step) {
      case Step.StartServer s -> true;
      case Step.StopServer s -> true;
      case Step.PauseServer s -> true;
      case Step.ResumeServer s -> true;
      case Step.ServerExit s -> true;
      case Step.ServerEnded s -> true;
      case Step.Http s -> false;
      case Step.Repeat s -> false;
      case Step.WatchStart s -> false;
      case Step.WatchEnd s -> false;
      case Step.Command s -> false;
      case Step.CommandStart s -> false;
      case Step.CommandEnd s -> false;
      case Step.Background s -> false;
      case Step.Sleep s -> false;
      case Step.Remark s -> false;
    };
  }
}
