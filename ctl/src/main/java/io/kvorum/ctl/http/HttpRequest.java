// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.nio.charset.StandardCharsets;

/**
 * One request.
 *
 * @param method the method in capitals
 * @param url an absolute URL
 * @param contentType of the body; empty when there is none
 * @param body its text; empty for none
 * @param authorization the {@code Authorization} header; empty for none
 */
public record HttpRequest(
    String method, HttpUrl url, String contentType, String body, String authorization) {

  /** A GET without credentials. */
  public static HttpRequest get(HttpUrl url) {
    return new HttpRequest("GET", url, "", "", "");
  }

  /** The same request for another place, where a redirect leads. */
  public HttpRequest at(HttpUrl other) {
    return new HttpRequest(method, other, contentType, body, authorization);
  }

  /** The bytes that go out. */
  byte[] encode() {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(url.target()).append(" HTTP/1.1\r\nHost: ");
    head.append(url.authority()).append("\r\nUser-Agent: kvorum-etcdctl\r\n");
    if (!authorization.isEmpty()) {
      head.append("Authorization: ").append(authorization).append("\r\n");
    }
    if (!contentType.isEmpty()) {
      head.append("Content-Type: ").append(contentType).append("\r\n");
    }
    if (!method.equals("GET")) {
      head.append("Content-Length: ").append(content.length).append("\r\n");
    }
    head.append("\r\n");
    byte[] lines = head.toString().getBytes(StandardCharsets.UTF_8);
    if (content.length == 0) {
      return lines;
    }
    byte[] whole = new byte[lines.length + content.length];
    System.arraycopy(lines, 0, whole, 0, lines.length);
    System.arraycopy(content, 0, whole, lines.length, content.length);
    return whole;
  }
}
