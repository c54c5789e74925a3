// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.base.JsonReader;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.transport.peer.PeerDirectory.Answer;
import java.util.Optional;

/** What a member says of its release on {@code /version}. */
final class ReleaseJson {

  private ReleaseJson() {}

  static Optional<String> read(Answer answer) {
    try {
      JsonReader json = new JsonReader(answer.body());
      Optional<String> release = Optional.empty();
      json.beginObject();
      while (json.nextMember()) {
        if (json.name().equals("etcdserver")) {
          release = Optional.of(json.text());
        } else {
          json.skip();
        }
      }
      return release;
    } catch (MalformedJson malformed) {
      return Optional.empty();
    }
  }
}
