// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.HttpRequest;
import java.util.function.Consumer;

/** Tells of each request as the curl command that would repeat it ({@code --debug}). */
public final class CallTrace {

  private final Consumer<String> lines;

  public CallTrace(Consumer<String> lines) {
    this.lines = lines;
  }

  void tell(HttpRequest request) {
    StringBuilder line = new StringBuilder("cURL Command: curl -X ");
    line.append(request.method()).append(' ').append(request.url().text());
    if (!request.contentType().isEmpty()) {
      line.append(" -d ");
      GoText.appendQuoted(line, request.body());
    }
    lines.accept(line.toString());
  }
}
