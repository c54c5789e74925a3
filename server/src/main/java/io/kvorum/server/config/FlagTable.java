// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All flags, read from the table beside this class: one line a flag, in the order of the help. */
final class FlagTable {

  private final Map<String, Flag> byName = new LinkedHashMap<>();

  private FlagTable() {}

  static FlagTable load() {
    FlagTable table = new FlagTable();
    String group = "";
    for (String line : text().lines().toList()) {
      if (line.startsWith("[")) {
        group = line.substring(1, line.indexOf(']'));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        Flag flag = parse(line, group);
        table.byName.put(flag.name(), flag);
      }
    }
    return table;
  }

  Optional<Flag> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Collection<Flag> all() {
    return byName.values();
  }

  /** What {@code etcd --help} prints. */
  String usage() {
    StringBuilder usage = new StringBuilder(1 << 12);
    usage
        .append("usage: etcd [flags]\n       start an etcd server\n\n")
        .append("       etcd --version\n       show the version of etcd\n\n")
        .append("       etcd -h | --help\n       show the help information about etcd\n");
    String group = "";
    for (Flag flag : byName.values()) {
      if (flag.standing() == Flag.Standing.IGNORED || flag.standing() == Flag.Standing.GONE) {
        continue;
      }
      if (!flag.group().equals(group)) {
        group = flag.group();
        usage.append("\n").append(group).append(" flags:\n\n");
      }
      usage
          .append("\t--")
          .append(flag.name())
          .append(" '")
          .append(flag.defaultText())
          .append("'\n\t\t")
          .append(flag.help())
          .append(flag.standing() == Flag.Standing.NOTYET ? " (not supported yet).\n" : ".\n");
    }
    return usage.toString();
  }

  private static Flag parse(String line, String group) {
    List<String> cells = List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
    String kind = cells.get(1);
    int colon = kind.indexOf(':');
    List<String> choices =
        colon < 0 ? List.of() : List.of(kind.substring(colon + 1).split(",", -1));
    return new Flag(
        cells.get(0),
        Flag.Kind.valueOf((colon < 0 ? kind : kind.substring(0, colon)).toUpperCase(Locale.ROOT)),
        choices,
        cells.get(2),
        Flag.Standing.valueOf(cells.get(3).toUpperCase(Locale.ROOT)),
        cells.get(4),
        group);
  }

  private static String text() {
    try (InputStream table =
        Objects.requireNonNull(FlagTable.class.getResourceAsStream("flags.txt"), "flags.txt")) {
      return new String(table.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
