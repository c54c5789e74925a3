// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.http;

import java.util.List;
import java.util.Optional;

/**
 * What came back.
 *
 * @param headers in the order they came, repeated ones repeated
 * @param body decoded from its transfer encoding and from UTF-8
 * @param bodyBytes the body's length in bytes, before decoding UTF-8
 */
public record HttpReply(
    int status, String reason, List<Header> headers, String body, int bodyBytes) {
  public HttpReply {
    headers = List.copyOf(headers);
  }

  /** The value of the first header of that name, whatever its case. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(h -> h.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }
}
