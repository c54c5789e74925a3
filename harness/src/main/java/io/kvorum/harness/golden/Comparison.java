// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Compares what was recorded with what is seen now, field by field and exactly, except for the
 * values that no two runs share. Each implementation lists its exceptions; there are no others.
 */
interface Comparison {

  /** Whether both texts say the same, as far as two runs can. */
  boolean same(String field, String expected, String actual);

  /** All fields that are not the same. */
  default List<Difference> differences(Observation expected, Observation actual) {
    TreeSet<String> names = new TreeSet<>(expected.fields().keySet());
    names.addAll(actual.fields().keySet());
    List<Difference> found = new ArrayList<>();
    for (String name : names) {
      Optional<String> one = Optional.ofNullable(expected.fields().get(name));
      Optional<String> other = Optional.ofNullable(actual.fields().get(name));
      boolean same = one.isPresent() && other.isPresent() && same(name, one.get(), other.get());
      if (!same) {
        found.add(new Difference(name, one, other));
      }
    }
    return found;
  }
}
