// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.config.TokenOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that ends while a watch is open, on a whole member. */
class TokenLifeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private LocalMembers members;
  private InetSocketAddress address;

  @BeforeEach
  void start() {
    members = new LocalMembers(folder);
    MemberConfig usual = members.config("a", members.cluster("a"), false);
    MemberConfig.Features features = usual.features();
    members.start(
        new MemberConfig(
            usual.name(),
            usual.storage(),
            usual.listening(),
            usual.raft(),
            usual.founding(),
            new MemberConfig.Features(
                features.strictReconfigCheck(),
                features.v2(),
                features.clusterVersionMax(),
                features.watchProgressPeriod(),
                features.logLevel(),
                new MemberConfig.Accounts(TokenOptions.SIMPLE, Duration.ofSeconds(1), 4, false),
                features.leaseCheckpoint()),
            usual.requests(),
            usual.keyspace(),
            List.of()));
    members.awaitReady("a");
    URI uri = URI.create(members.client("a"));
    address = new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  @AfterEach
  void stop() {
    members.close();
  }

  private HttpCall call(String path, String body, String token) {
    return new HttpCall(
        "POST", "/v3/" + path, List.of(new Header("Authorization", token)), Optional.of(body));
  }

  private HttpReply send(String path, String body, String token) {
    try {
      return HttpStream.exchange(address, call(path, body, token), PATIENCE);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private void done(String path, String body) {
    try {
      HttpReply reply =
          HttpStream.exchange(
              address, new HttpCall("POST", "/v3/" + path, List.of(), Optional.of(body)), PATIENCE);
      assertEquals(200, reply.status(), reply.body());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private String logIn() {
    String body = send("auth/authenticate", "{\"name\":\"root\",\"password\":\"p\"}", "").body();
    String mark = "\"token\":\"";
    int from = body.indexOf(mark) + mark.length();
    return body.substring(from, body.indexOf('"', from));
  }

  @Test
  void aWatchGoesOnBehindItsTokenButNoOtherBegins() throws IOException {
    done("auth/user/add", "{\"name\":\"root\",\"password\":\"p\"}");
    done("auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
    done("auth/enable", "{}");
    String token = logIn();
    String create = "{\"create_request\":{\"key\":\"YQ==\"}}";
    try (HttpStream watch = HttpStream.open(address, call("watch", create, token), PATIENCE)) {
      watch.awaitBody(1, PATIENCE);
      awaitEndOf(token);
      String fresh = logIn();
      String put = "{\"key\":\"YQ==\",\"value\":\"MQ==\"}";
      assertEquals(200, send("kv/put", put, fresh).status());
      watch.awaitBody(2, PATIENCE);
      assertTrue(watch.reply().body().contains("\"events\""), watch.reply().body());
      assertEquals(HttpStream.State.OPEN, watch.awaitEnd(Duration.ZERO));
    }
    try (HttpStream late = HttpStream.open(address, call("watch", create, token), PATIENCE)) {
      late.awaitBody(1, PATIENCE);
      assertTrue(late.reply().body().contains("invalid auth token"), late.reply().body());
    }
  }

  /**
   * Asking keeps a token alive, so it is left alone for longer than it lives, and more each time.
   */
  private void awaitEndOf(String token) {
    long[] pause = {1100};
    LocalMembers.await(
        "the end of the token",
        () -> {
          LocalMembers.pause(Duration.ofMillis(pause[0]));
          pause[0] += 500;
          return send("kv/range", "{\"key\":\"YQ==\"}", token).status() == 401;
        });
  }
}
