// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Requests of the v2 API to one member, each on a connection of its own. */
final class V2 {
  /** Above the members' own limit of seven seconds. */
  static final Duration ANSWER = Duration.ofSeconds(9);

  static final Header FORM = new Header("Content-Type", "application/x-www-form-urlencoded");

  private V2() {}

  static HttpReply send(
      Member member, String method, String target, List<Header> headers, String body) {
    return send(member, method, target, headers, body, ANSWER);
  }

  private static HttpReply send(
      Member member,
      String method,
      String target,
      List<Header> headers,
      String body,
      Duration patience) {
    try {
      return exchange(member, method, target, headers, body, patience);
    } catch (IOException e) {
      throw new UncheckedIOException(member.name() + " " + method + " " + target, e);
    }
  }

  /** Any request, for those who want to know what went wrong. */
  static HttpReply exchange(
      Member member,
      String method,
      String target,
      List<Header> headers,
      String body,
      Duration patience)
      throws IOException {
    Optional<String> sent = body.isEmpty() ? Optional.empty() : Optional.of(body);
    return HttpStream.exchange(
        member.client(), new HttpCall(method, target, headers, sent), patience);
  }

  /** A request below {@code /v2/keys}, whatever becomes of it. */
  static HttpReply keys(
      Member member, String method, String keyAndQuery, String form, Duration patience) {
    return send(member, method, "/v2/keys" + keyAndQuery, List.of(FORM), form, patience);
  }

  /** A request below {@code /v2/keys} that must be answered with that status; its answer. */
  static Json keys(int status, Member member, String method, String keyAndQuery, String form) {
    HttpReply reply = keys(member, method, keyAndQuery, form, ANSWER);
    String what = member.name() + " " + method + " " + keyAndQuery + " " + form;
    assertEquals(status, reply.status(), what + ": " + reply.body());
    return Json.parse(reply.body());
  }
}
