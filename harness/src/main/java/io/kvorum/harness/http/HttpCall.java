// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One request as it goes over the wire. {@code Host} and {@code Content-Length} are added when it
 * is sent, nothing else is. A request without body carries no length, except PUT, POST, PATCH and
 * DELETE, which then say {@code Content-Length: 0}.
 *
 * @param target path and query, sent as given
 * @param body the text whose UTF-8 bytes are the body
 */
public record HttpCall(String method, String target, List<Header> headers, Optional<String> body) {
  public HttpCall {
    headers = List.copyOf(headers);
  }

  /** A request without headers and body. */
  public static HttpCall of(String method, String target) {
    return new HttpCall(method, target, List.of(), Optional.empty());
  }

  /** The same request for another path. */
  public HttpCall withTarget(String other) {
    return new HttpCall(method, other, headers, body);
  }

  byte[] headBytes(String host) {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host).append("\r\n");
    headers.forEach(h -> head.append(h.name()).append(": ").append(h.value()).append("\r\n"));
    boolean bodyExpected = !method.equals("GET") && !method.equals("HEAD");
    if (body.isPresent() || bodyExpected) {
      head.append("Content-Length: ").append(bodyBytes().length).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  byte[] bodyBytes() {
    return body.orElse("").getBytes(StandardCharsets.UTF_8);
  }
}
