// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every flag's value and where it came from: command line over environment over default, or a
 * configuration file alone.
 *
 * @param given by flag name, only what was set
 * @param notices lines for the log, in order
 */
record Settings(FlagTable flags, Map<String, String> given, List<String> notices) {

  /** Joins the command line with the environment; a set but empty variable is ignored. */
  static Settings join(FlagTable flags, CommandLine commandLine, Map<String, String> environment) {
    Map<String, String> given = new HashMap<>(commandLine.values());
    List<String> notices = new ArrayList<>();
    Map<String, String> unknown = new TreeMap<>(environment);
    unknown.keySet().removeIf(name -> !name.startsWith("ETCD_"));
    for (Flag flag : flags.all()) {
      String value = environment.getOrDefault(flag.variable(), "");
      unknown.remove(flag.variable());
      if (value.isEmpty()) {
        continue;
      }
      if (given.containsKey(flag.name())) {
        notices.add(
            "flags: recognized environment variable "
                + flag.variable()
                + ", but unused: shadowed by corresponding flag ");
        continue;
      }
      Optional<String> complaint = flag.complaintAbout(value);
      if (complaint.isPresent()) {
        throw ConfigProblem.failing(
            "invalid value \"" + value + "\" for " + flag.variable() + ": " + complaint.get());
      }
      given.put(flag.name(), value);
      notices.add(
          "flags: recognized and used environment variable " + flag.variable() + "=" + value);
    }
    unknown.forEach(
        (name, value) ->
            notices.add("flags: unrecognized environment variable " + name + "=" + value));
    Settings settings = new Settings(flags, given, notices);
    settings.refuseWhatIsNotThere();
    return settings;
  }

  /** Takes everything from a file. */
  static Settings ofFile(FlagTable flags, Map<String, String> entries, String file) {
    List<String> notices = new ArrayList<>();
    Map<String, String> given = new HashMap<>();
    notices.add(
        "loading the configuration from " + file + "; other flags and variables are ignored");
    entries.forEach(
        (name, value) -> {
          Optional<Flag> flag = flags.find(name);
          if (flag.isEmpty()) {
            notices.add("unknown key in " + file + ": " + name);
          } else {
            flag.get()
                .complaintAbout(value)
                .ifPresent(
                    complaint -> {
                      throw ConfigProblem.failing(
                          file
                              + ": invalid value \""
                              + value
                              + "\" for "
                              + name
                              + ": "
                              + complaint);
                    });
            given.put(name, value);
          }
        });
    Settings settings = new Settings(flags, given, notices);
    settings.refuseWhatIsNotThere();
    return settings;
  }

  boolean isGiven(String name) {
    return given.containsKey(name);
  }

  String text(String name) {
    return given.getOrDefault(name, flag(name).defaultText());
  }

  boolean isOn(String name) {
    return Flag.isTrue(text(name));
  }

  long number(String name) {
    return Long.parseLong(text(name));
  }

  private Flag flag(String name) {
    return flags
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException("flag: no such flag: " + name));
  }

  /** A flag that would change something we do not do is refused, never ignored. */
  private void refuseWhatIsNotThere() {
    for (Map.Entry<String, String> entry : new TreeMap<>(given).entrySet()) {
      Flag flag = flag(entry.getKey());
      switch (flag.standing()) {
        case WORKS -> {}
        case NOTYET -> {
          if (!isHarmless(flag, entry.getValue())) {
            throw ConfigProblem.failing(
                "flag \"-"
                    + flag.name()
                    + "\" is not supported yet by this version of Kvorum: remove it to start");
          }
        }
        case GONE ->
            throw ConfigProblem.failing("flag \"-" + flag.name() + "\" is no longer supported.");
        case IGNORED -> {
          notices.add("flag \"-" + flag.name() + "\" is no longer supported - ignoring.");
          given.remove(flag.name());
        }
      }
    }
  }

  /** The value that asks for nothing. */
  private static boolean isHarmless(Flag flag, String value) {
    return value.isEmpty()
        || value.equals(flag.defaultText())
        || flag.kind() == Flag.Kind.MILLIS
        || (flag.kind() == Flag.Kind.SWITCH && !Flag.isTrue(value))
        || flag.name().equals("discovery-fallback");
  }
}
