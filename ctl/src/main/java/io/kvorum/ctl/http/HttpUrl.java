// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

/**
 * A URL split as far as a request needs it.
 *
 * @param text as it was written
 * @param scheme in lower case; empty when there was none
 * @param host name or address, without brackets
 * @param port as given, or the scheme's own
 * @param authority host and port as written, for the {@code Host} header
 * @param path not escaped further; may be empty
 * @param query without the question mark; may be empty
 */
public record HttpUrl(
    String text,
    String scheme,
    String host,
    int port,
    String authority,
    String path,
    String query) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int PORT_MAX = 65_535;

  /** Splits a URL; one without scheme has neither host nor port, only a path. */
  public static HttpUrl parse(String text) throws MalformedUrl {
    int schemeEnd = text.indexOf("://");
    if (schemeEnd < 0) {
      return new HttpUrl(text, "", "", 0, "", text, "");
    }
    String scheme = AsciiText.lowerCase(text.substring(0, schemeEnd));
    int start = schemeEnd + 3;
    int queryMark = text.indexOf('?', start);
    int end = queryMark < 0 ? text.length() : queryMark;
    int slash = text.indexOf('/', start);
    int pathStart = slash < 0 || slash > end ? end : slash;
    String authority = text.substring(start, pathStart);
    authority = authority.substring(authority.lastIndexOf('@') + 1);
    checkHost(text, authority);
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    String host = hasPort ? authority.substring(0, colon) : authority;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    String portText = hasPort ? authority.substring(colon + 1) : "";
    return new HttpUrl(
        text,
        scheme,
        host,
        port(text, portText, scheme),
        authority,
        text.substring(pathStart, end),
        queryMark < 0 ? "" : text.substring(queryMark + 1));
  }

  /** The request target: escaped path and query. */
  String target() {
    String escaped = UrlText.escapePath(path.isEmpty() ? "/" : path);
    return query.isEmpty() ? escaped : escaped + "?" + query;
  }

  /**
   * The URL of a resource below this one; the joined path is cleaned of dots and double slashes.
   */
  public HttpUrl resource(String subPath, String subQuery) {
    String joined = UrlText.cleanPath(path + subPath);
    String base = scheme.isEmpty() ? "" : scheme + "://" + authority;
    String url = base + UrlText.escapePath(joined) + (subQuery.isEmpty() ? "" : "?" + subQuery);
    return new HttpUrl(url, scheme, host, port, authority, joined, subQuery);
  }

  private static void checkHost(String text, String authority) throws MalformedUrl {
    for (int i = 0; i < authority.length(); i++) {
      char c = authority.charAt(i);
      if (c <= ' ' || c == '"' || c == '<' || c == '>' || c == 127) {
        throw new MalformedUrl(text, "invalid character \"" + c + "\" in host name");
      }
    }
  }

  private static int port(String text, String digits, String scheme) throws MalformedUrl {
    if (digits.isEmpty()) {
      return scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
    }
    try {
      int port = Integer.parseInt(digits);
      if (port >= 0 && port <= PORT_MAX && digits.charAt(0) != '+') {
        return port;
      }
    } catch (NumberFormatException e) {
      // Refused below, with every other unusable port.
    }
    throw new MalformedUrl(text, "invalid port \":" + digits + "\" after host");
  }
}
