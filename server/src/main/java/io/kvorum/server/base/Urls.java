// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.base;

import java.util.List;
import java.util.Optional;

/**
 * Lists of URLs as etcd takes them: scheme http or https, host and port, no path; trimmed and
 * sorted (recorded behaviour of 2.3.7).
 */
public final class Urls {

  private Urls() {}

  /** The first thing wrong with a comma-separated list, in etcd's words. */
  public static Optional<String> complaintAbout(String list) {
    return complaintAbout(List.of(list.split(",", -1)));
  }

  /** The first thing wrong with these URLs, in etcd's words. */
  public static Optional<String> complaintAbout(List<String> urls) {
    if (urls.isEmpty()) {
      return Optional.of("no valid URLs given");
    }
    return urls.stream().map(Urls::complaintAboutOne).flatMap(Optional::stream).findFirst();
  }

  /** A list without complaints: trimmed and sorted. */
  public static List<String> parse(String list) {
    return normalize(List.of(list.split(",", -1)));
  }

  /** URLs without complaints: trimmed and sorted. */
  public static List<String> normalize(List<String> urls) {
    return urls.stream().map(String::strip).sorted().toList();
  }

  /** The host of a URL without complaints; an IPv6 address without its brackets. */
  public static String host(String url) {
    String address = url.substring(url.indexOf("://") + 3);
    String host = address.substring(0, address.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The port of a URL without complaints. */
  public static int port(String url) {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  private static Optional<String> complaintAboutOne(String given) {
    String url = given.strip();
    int scheme = url.indexOf("://");
    if (scheme < 0 || !(url.startsWith("http://") || url.startsWith("https://"))) {
      return Optional.of("URL scheme must be http or https: " + url);
    }
    String rest = url.substring(scheme + 3);
    int slash = rest.indexOf('/');
    String address = slash < 0 ? rest : rest.substring(0, slash);
    if (!isHostAndPort(address)) {
      return Optional.of("URL address does not have the form \"host:port\": " + url);
    }
    return slash < 0 ? Optional.empty() : Optional.of("URL must not contain a path: " + url);
  }

  private static boolean isHostAndPort(String address) {
    int colon = address.lastIndexOf(':');
    if (colon < 0 || (address.indexOf(':') != colon && !address.startsWith("["))) {
      return false;
    }
    String port = address.substring(colon + 1);
    return !port.isEmpty()
        && port.length() <= 5
        && port.chars().allMatch(Character::isDigit)
        && Integer.parseInt(port) <= 65_535;
  }
}
