// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import java.util.Locale;
import java.util.Optional;

/**
 * What a {@code Content-Type} header says.
 *
 * @param name lower case, without parameters; empty when there was no header
 * @param error why the header could not be understood, in the words of Go's parser
 */
public record MediaType(String name, Optional<String> error) {
  public static final MediaType NONE = new MediaType("", Optional.empty());

  private static final MediaType FORM =
      new MediaType("application/x-www-form-urlencoded", Optional.empty());

  public static MediaType parse(String header) {
    if (header.isEmpty()) {
      return NONE;
    }
    if (header.equals(FORM.name())) {
      return FORM;
    }
    int end = header.indexOf(';');
    var name = (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      return new MediaType("", Optional.of("mime: no media type"));
    }
    return new MediaType(name, Optional.empty());
  }

  /** Whether a body of this type is a URL-encoded form. */
  public boolean isForm() {
    return name.equals(FORM.name());
  }
}
