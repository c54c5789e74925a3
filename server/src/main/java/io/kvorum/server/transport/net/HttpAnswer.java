// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/**
 * A complete answer, before HTTP's own headers ({@code Date}, {@code Content-Length}) are added.
 *
 * @param body sent as it is; a HEAD answer keeps only its length
 */
public record HttpAnswer(int status, List<Header> headers, Bytes body) {

  public static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("Content-Type");
  public static final Header TEXT = header("Content-Type", "text/plain; charset=utf-8");
  public static final Header JSON = header("Content-Type", "application/json");
  public static final Header HTML = header("Content-Type", "text/html; charset=utf-8");

  private static final Header NO_SNIFFING = header("X-Content-Type-Options", "nosniff");

  public HttpAnswer {
    headers = List.copyOf(headers);
  }

  /** One header; names are spelled as Go's server spells them. */
  public record Header(CharSequence name, CharSequence value) {}

  /** A header that is sent often: both parts are turned into bytes once. */
  public static Header header(String name, String value) {
    return new Header(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value));
  }

  /** An answer without a body. */
  public static HttpAnswer empty(int status) {
    return new HttpAnswer(status, List.of(), Bytes.EMPTY);
  }

  /** An error in plain text, which gets a line end, as Go's {@code http.Error} sends it. */
  public static HttpAnswer plainError(int status, String text) {
    return new HttpAnswer(status, List.of(TEXT, NO_SNIFFING), Bytes.utf8(text + "\n"));
  }

  /** {@code {"message":"..."}}, without a line end. */
  public static HttpAnswer message(int status, String text) {
    return json(
        status, new GoJson().beginObject().name("message").value(text).endObject().toBytes());
  }

  public static HttpAnswer json(int status, Bytes body) {
    return new HttpAnswer(status, List.of(JSON), body);
  }

  public HttpAnswer with(Header... more) {
    var all = new ArrayList<Header>(headers.size() + more.length);
    all.addAll(headers);
    all.addAll(List.of(more));
    return new HttpAnswer(status, all, body);
  }
}
