// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.json;

/** The text is not JSON. */
public final class JsonSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JsonSyntaxException(String expectation, int offset, String text) {
    super(
        "expected %s at offset %d of: %s"
            .formatted(
                expectation, offset, text.length() > 200 ? text.substring(0, 200) + "..." : text));
  }
}
