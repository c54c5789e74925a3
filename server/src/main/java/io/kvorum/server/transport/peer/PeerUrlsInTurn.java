// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import java.util.List;

/** A peer's URLs: one is used until it fails, then the next. */
final class PeerUrlsInTurn {

  private List<String> urls;
  private int at;

  PeerUrlsInTurn(List<String> urls) {
    this.urls = urls;
  }

  String current() {
    return urls.get(at % urls.size());
  }

  void next() {
    at = (at + 1) % urls.size();
  }

  List<String> all() {
    return urls;
  }

  void replace(List<String> next) {
    urls = next;
    at = 0;
  }
}
