// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.JsonReader;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.transport.peer.PeerDirectory.Answer;
import java.util.Optional;

/** What a member says of its release on {@code /version}. */
final class ReleaseJson {

  private ReleaseJson() {}

  /** Its own release, as {@code 3.7.1}. */
  static Optional<String> server(Answer answer) {
    return read(answer, "etcdserver");
  }

  /** What its cluster agreed on, as {@code 3.4.0}; {@code not_decided} before that. */
  static Optional<String> cluster(Answer answer) {
    return read(answer, "etcdcluster");
  }

  private static Optional<String> read(Answer answer, String wanted) {
    try {
      JsonReader json = new JsonReader(answer.body());
      Optional<String> found = Optional.empty();
      json.beginObject();
      while (json.nextMember()) {
        if (json.name().equals(wanted)) {
          found = Optional.of(json.text());
        } else {
          json.skip();
        }
      }
      return found;
    } catch (MalformedJson malformed) {
      return Optional.empty();
    }
  }
}
