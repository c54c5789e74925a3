// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** The value of {@code --cors}: origins separated by commas, {@code *} for all of them. */
final class Origins {

  private Origins() {}

  /** Trimmed; empty ones are passed over. */
  static List<String> parse(String list) {
    return List.of(list.split(",", -1)).stream()
        .map(String::strip)
        .filter(origin -> !origin.isEmpty())
        .toList();
  }

  /** The first one that is no URL. */
  static Optional<String> complaintAbout(String list) {
    return parse(list).stream().flatMap(origin -> complaint(origin).stream()).findFirst();
  }

  private static Optional<String> complaint(String origin) {
    try {
      URI unused = new URI(origin);
      return Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.of("Invalid CORS origin: parse " + origin + ": " + e.getReason());
    }
  }
}
