// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The target of a request line.
 *
 * @param path percent-decoded, one char per byte (ISO 8859-1), as keys need not be UTF-8; a plus
 *     sign stays one
 * @param query as given, without its question mark; absent is not the same as empty
 */
public record RequestTarget(String path, Optional<String> query) {

  /** Splits and decodes {@code uri}; empty when it is malformed, which is a bad request. */
  public static Optional<RequestTarget> parse(String uri) {
    String target = uri.startsWith("/") ? uri : withoutAuthority(uri);
    int mark = target.indexOf('?');
    var path = decode(mark < 0 ? target : target.substring(0, mark));
    return path.map(
        decoded ->
            new RequestTarget(
                decoded, mark < 0 ? Optional.empty() : Optional.of(target.substring(mark + 1))));
  }

  /** The path of an absolute target ({@code http://host/path}), as proxies send it. */
  private static String withoutAuthority(String uri) {
    int scheme = uri.indexOf("://");
    if (scheme < 0) {
      return uri;
    }
    int end = scheme + 3;
    while (end < uri.length() && "/?".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    return end < uri.length() && uri.charAt(end) == '/'
        ? uri.substring(end)
        : "/" + uri.substring(end);
  }

  private static Optional<String> decode(String path) {
    if (!path.startsWith("/") && !path.equals("*")) {
      return Optional.empty();
    }
    int percent = path.indexOf('%');
    if (percent < 0) {
      return Optional.of(path);
    }
    byte[] out = new byte[path.length()];
    int size = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%') {
        int value = Hex.pair(path, i + 1);
        if (value < 0) {
          return Optional.empty();
        }
        out[size++] = (byte) value;
        i += 2;
      } else {
        out[size++] = (byte) c;
      }
    }
    return Optional.of(new String(out, 0, size, StandardCharsets.ISO_8859_1));
  }

  /** Whether {@link #cleaned} would change the path. */
  public boolean isClean() {
    return PathCleaning.isClean(path);
  }

  /**
   * Where a request for an unclean path is sent: without {@code //}, {@code /./} and {@code /../},
   * one trailing slash kept, escaped again, with the query string as it came.
   */
  public String cleaned() {
    String clean = PathCleaning.escape(PathCleaning.clean(path));
    return query.map(text -> clean + "?" + text).orElse(clean);
  }
}
