// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.Bytes;
import io.kvorum.base.JsonReader;
import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What etcd 3.4.23 answered to 119 requests about users, roles, permissions and tokens, in a row
 * and over JSON, put to a whole member of ours.
 */
class RecordedAuthTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What is another number or name each time. */
  private static final Set<String> VOLATILE =
      Set.of(
          "cluster_id",
          "member_id",
          "raft_term",
          "token",
          "TTL",
          "leader",
          "raftTerm",
          "raftIndex",
          "raftAppliedIndex",
          "dbSize",
          "dbSizeInUse",
          "version",
          "storageVersion",
          "dbSizeQuota",
          "downgradeInfo");

  private static final String ANONYMOUS = "3 etcdserver: user name is empty";
  private static final String DENIED = "7 etcdserver: permission denied";

  /** Where a newer etcd is followed on purpose: the code and text of the error, or 200. */
  private static final Map<Long, String> DEPARTURES =
      Map.ofEntries(
          Map.entry(1L, "200"), // AuthStatus is there since 3.5
          Map.entry(48L, ANONYMOUS), // the members, since 3.7
          Map.entry(49L, ANONYMOUS), // a lease, since 3.4.42
          Map.entry(50L, ANONYMOUS), // the same answer in its proper form since 3.5
          Map.entry(51L, ANONYMOUS), // HashKV has its route since 3.5.10
          Map.entry(52L, ANONYMOUS), // alarms, since 3.4.43
          Map.entry(54L, ANONYMOUS), // a compaction, since 3.4.42
          Map.entry(66L, "200"), // the scheme before a token, since 3.5.32
          Map.entry(86L, DENIED), // keys of others on a lease, since 3.4.26
          Map.entry(95L, DENIED), // the same answer in its proper form since 3.5
          Map.entry(96L, DENIED)); // a compaction, since 3.4.42

  private final Map<String, String> tokens = new HashMap<>();

  @Test
  void everyStepIsAnsweredAsRecorded(@TempDir Path folder) throws IOException {
    try (LocalMembers members = new LocalMembers(folder)) {
      members.found("golden");
      URI uri = URI.create(members.client("golden"));
      InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
      List<String> wrong = new ArrayList<>();
      int steps = 0;
      for (Object step : recorded()) {
        steps++;
        String expected = expected(step);
        String answer = answer(step, send(address, step));
        if (!expected.equals(answer)) {
          wrong.add(
              part(step, "n")
                  + " "
                  + part(step, "path")
                  + "\n  is       "
                  + answer
                  + "\n  expected "
                  + expected);
        }
      }
      assertEquals(119, steps);
      assertEquals(List.of(), wrong, String.join("\n", wrong));
    }
  }

  private String expected(Object step) {
    String departure = DEPARTURES.get((Long) part(step, "n"));
    if (departure != null) {
      return departure;
    }
    if (part(step, "kind").equals("stream")) {
      return told(parse((String) ((List<?>) part(step, "chunks")).getFirst()));
    }
    return summary((Long) part(step, "status"), (String) part(step, "response_body"));
  }

  private String answer(Object step, HttpReply reply) {
    String departure = DEPARTURES.getOrDefault((Long) part(step, "n"), "");
    if (departure.equals("200") && reply.status() == 200) {
      return departure;
    }
    Object body = parse(reply.body());
    if (step(step, "path").equals("/v3/auth/authenticate") && reply.status() == 200) {
      Object theirs = parse((String) part(step, "response_body"));
      tokens.put((String) part(theirs, "token"), (String) part(body, "token"));
    }
    return step(step, "kind").equals("stream") ? told(body) : summary(reply.status(), reply.body());
  }

  private static String step(Object step, String name) {
    return (String) part(step, name);
  }

  /** Of an error what clients look at; of anything else all that does not change. */
  private static String summary(long status, String text) {
    Object body = parse(text);
    return status == 200 ? told(body) : part(body, "code") + " " + part(body, "message");
  }

  private static String told(Object body) {
    return stable(body).toString();
  }

  private static Object stable(Object value) {
    if (value instanceof Map<?, ?> object) {
      Map<String, Object> stable = new TreeMap<>();
      object.forEach(
          (name, member) -> {
            if (!VOLATILE.contains(name) && !name.equals("reason")) {
              stable.put((String) name, stable(member));
            }
          });
      return stable;
    }
    return value instanceof List<?> list
        ? list.stream().map(RecordedAuthTest::stable).toList()
        : value;
  }

  private HttpReply send(InetSocketAddress address, Object step) throws IOException {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", "application/json"));
    if (((Map<?, ?>) step).get("request_headers") instanceof Map<?, ?> given) {
      given.forEach((name, value) -> headers.add(new Header((String) name, ours((String) value))));
    }
    Optional<String> body = Optional.ofNullable((String) ((Map<?, ?>) step).get("request_body"));
    HttpCall call = new HttpCall(step(step, "method"), step(step, "path"), headers, body);
    if (!step(step, "kind").equals("stream")) {
      return HttpStream.exchange(address, call, PATIENCE);
    }
    try (HttpStream stream = HttpStream.open(address, call, PATIENCE)) {
      stream.awaitBody(1, PATIENCE);
      return stream.reply();
    }
  }

  private String ours(String header) {
    String scheme = header.startsWith("Bearer ") ? "Bearer " : "";
    String token = header.substring(scheme.length());
    return scheme + tokens.getOrDefault(token, token);
  }

  private static Object part(Object object, String name) {
    return Objects.requireNonNull(((Map<?, ?>) object).get(name), name);
  }

  private static List<Object> recorded() throws IOException {
    try (InputStream in = RecordedAuthTest.class.getResourceAsStream("recorded-auth.jsonl")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(RecordedAuthTest::parse)
          .toList();
    }
  }

  /** Objects as maps, arrays as lists, whole numbers as {@code Long}; other texts as they are. */
  private static Object parse(String text) {
    JsonReader json = new JsonReader(Bytes.utf8(text));
    return text.startsWith("{") ? value(json) : Map.of("code", "", "message", text.strip());
  }

  private static Object value(JsonReader json) {
    return switch (json.peek()) {
      case OBJECT -> {
        Map<String, Object> members = new HashMap<>();
        json.beginObject();
        while (json.nextMember()) {
          members.put(json.name(), value(json));
        }
        yield members;
      }
      case ARRAY -> {
        List<Object> elements = new ArrayList<>();
        json.beginArray();
        while (json.nextElement()) {
          elements.add(value(json));
        }
        yield elements;
      }
      case STRING -> json.text();
      case NUMBER -> json.signed();
      case BOOLEAN -> json.bool();
      case NULL -> {
        json.skip();
        yield "null";
      }
    };
  }
}
