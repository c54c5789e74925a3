// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Lists of the documents. One that was never set ({@code null}) differs from an empty one: this
 * shows in answers, and changing nothing but that counts as a change (recorded).
 */
final class TextSet {
  private static final Comparator<String> BYTE_ORDER = Comparator.comparing(Bytes::utf8);

  private TextSet() {}

  static TreeSet<String> of(@Nullable List<String> texts) {
    var set = new TreeSet<>(BYTE_ORDER);
    set.addAll(orEmpty(texts));
    return set;
  }

  static List<String> orEmpty(@Nullable List<String> texts) {
    return texts == null ? List.of() : texts;
  }

  static boolean isEmpty(@Nullable List<String> texts) {
    return texts == null || texts.isEmpty();
  }

  static @Nullable List<String> copy(@Nullable List<String> texts) {
    return texts == null ? null : List.copyOf(texts);
  }
}
