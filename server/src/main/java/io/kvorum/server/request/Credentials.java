// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import java.util.Base64;
import java.util.Optional;

/** A name and a password, as HTTP's Basic scheme carries them. */
record Credentials(String user, Bytes password) {
  private static final String SCHEME = "Basic ";

  /** Reads the value of an {@code Authorization} header; empty when it is anything else. */
  static Optional<Credentials> parse(String header) {
    boolean basic = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String encoded = basic ? header.substring(SCHEME.length()) : "";
    if (!basic || encoded.length() % 4 != 0) {
      return Optional.empty();
    }
    try {
      var plain = Bytes.wrap(Base64.getDecoder().decode(encoded));
      int colon = plain.indexOf(':', 0);
      return colon < 0
          ? Optional.empty()
          : Optional.of(
              new Credentials(
                  plain.slice(0, colon).utf8(), plain.slice(colon + 1, plain.length())));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** The password stays out of logs. */
  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
