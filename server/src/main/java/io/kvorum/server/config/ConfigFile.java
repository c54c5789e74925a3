// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The YAML (or JSON) configuration file: keys are flag names, lists join with commas. */
final class ConfigFile {

  private ConfigFile() {}

  static Map<String, String> parse(String content, String file) {
    Object document;
    try {
      document = new Load(LoadSettings.builder().setLabel(file).build()).loadFromString(content);
    } catch (YamlEngineException malformed) {
      throw ConfigProblem.failing("error loading " + file + ": " + malformed.getMessage());
    }
    if (document == null) {
      return Map.of();
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw ConfigProblem.failing(
          "error loading " + file + ": expected \"flag-name: value\" lines");
    }
    Map<String, String> entries = new TreeMap<>();
    map.forEach((key, value) -> entries.put(String.valueOf(key), text(value)));
    return entries;
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> "";
      case List<?> list -> list.stream().map(String::valueOf).collect(Collectors.joining(","));
      default -> String.valueOf(value);
    };
  }
}
