// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.Optional;

/** One field that is not as expected; a missing value means that the field is not there. */
public record Difference(String field, Optional<String> expected, Optional<String> actual) {
  @Override
  public String toString() {
    return "%s: expected %s, got %s".formatted(field, show(expected), show(actual));
  }

  private static String show(Optional<String> value) {
    return value.map(v -> '"' + v.replace("\n", "\\n") + '"').orElse("nothing");
  }
}
