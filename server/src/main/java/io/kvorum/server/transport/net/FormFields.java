// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of one request: form body and query string together. The body wins, and of
 * repeated values the first counts. Rules and error texts as Go's form parser has them. Owned by
 * one event loop.
 */
public final class FormFields {
  private final Map<String, Bytes> values = new HashMap<>();
  private Optional<String> error = Optional.empty();

  /** Adds a form body. To be called before {@link #addQuery}. Values share its array. */
  public void addBody(Bytes body) {
    addAll(body);
  }

  /** Adds a query string without its question mark, one char per byte. */
  public void addQuery(String query) {
    addAll(Bytes.wrap(query.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Notes that the form could not be read at all; the first such text is kept. */
  public void fail(String text) {
    if (error.isEmpty()) {
      error = Optional.of(text);
    }
  }

  /** What was wrong with the form, in the words of Go's parser. */
  public Optional<String> error() {
    return error;
  }

  /** The first value of {@code name}, empty when the parameter was not given. */
  public Optional<Bytes> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The first value of {@code name} as text, for parameters that are numbers or words. */
  public Optional<String> text(String name) {
    return get(name).map(Bytes::utf8);
  }

  private void addAll(Bytes pairs) {
    Optional<String> failure = Optional.empty();
    int from = 0;
    while (from <= pairs.length()) {
      int end = pairs.indexOf('&', from);
      end = end < 0 ? pairs.length() : end;
      if (end > from) {
        failure = add(pairs.slice(from, end), failure);
      }
      from = end + 1;
    }
    failure.ifPresent(this::fail);
  }

  /** Adds one pair; returns the failure to remember: a semicolon replaces what was before it. */
  private Optional<String> add(Bytes pair, Optional<String> before) {
    if (pair.indexOf(';', 0) >= 0) {
      return Optional.of("invalid semicolon separator in query");
    }
    int equals = pair.indexOf('=', 0);
    Bytes name = equals < 0 ? pair : pair.slice(0, equals);
    Bytes value = equals < 0 ? Bytes.EMPTY : pair.slice(equals + 1, pair.length());
    int bad = badEscape(name);
    if (bad >= 0) {
      return before.or(() -> Optional.of(escapeError(name, bad)));
    }
    int badInValue = badEscape(value);
    if (badInValue >= 0) {
      return before.or(() -> Optional.of(escapeError(value, badInValue)));
    }
    values.putIfAbsent(unescape(name).utf8(), unescape(value));
    return before;
  }

  private static int badEscape(Bytes text) {
    for (int i = text.indexOf('%', 0); i >= 0; i = text.indexOf('%', i + 3)) {
      if (Hex.pair(text, i + 1) < 0) {
        return i;
      }
    }
    return -1;
  }

  private static String escapeError(Bytes text, int at) {
    Bytes shown = text.slice(at, Math.min(at + 3, text.length()));
    return "invalid URL escape "
        + GoQuote.quote(new String(shown.toArray(), StandardCharsets.ISO_8859_1));
  }

  private static Bytes unescape(Bytes text) {
    if (text.indexOf('%', 0) < 0 && text.indexOf('+', 0) < 0) {
      return text;
    }
    byte[] out = new byte[text.length()];
    int size = 0;
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      if (c == '%') {
        out[size++] = (byte) Hex.pair(text, i + 1);
        i += 2;
      } else {
        out[size++] = (byte) (c == '+' ? ' ' : c);
      }
    }
    return Bytes.wrap(out, 0, size);
  }
}
