// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.http.HttpUrl;
import io.kvorum.ctl.http.MalformedUrl;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Checks peer URLs before anything is sent, in the words of etcd 2.3.7. */
final class PeerUrls {

  private PeerUrls() {}

  /** The URLs in sorted order; says what is wrong with the first bad one and ends the program. */
  static List<String> checked(Invocation call, List<String> urls) {
    List<String> checked = new ArrayList<>(urls.size());
    for (String url : urls) {
      String trimmed = url.strip();
      String problem = problem(trimmed);
      if (!problem.isEmpty()) {
        throw call.failed(problem);
      }
      checked.add(trimmed);
    }
    Collections.sort(checked);
    return checked;
  }

  private static String problem(String text) {
    HttpUrl url;
    try {
      url = HttpUrl.parse(text);
    } catch (MalformedUrl e) {
      return String.valueOf(e.getMessage());
    }
    if (!url.scheme().equals("http") && !url.scheme().equals("https")) {
      return "URL scheme must be http or https: " + text;
    }
    if (url.authority().lastIndexOf(':') <= url.authority().lastIndexOf(']')) {
      return "URL address does not have the form \"host:port\": " + text;
    }
    return url.path().isEmpty() ? "" : "URL must not contain a path: " + text;
  }
}
