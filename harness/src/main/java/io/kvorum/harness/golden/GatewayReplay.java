// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Replays one recording of etcd's JSON gateway against a distribution, step by step in order, and
 * judges it by the one list of departures.
 */
public final class GatewayReplay {
  /** Longer than any request waits for consensus. */
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** How long a stream is given to begin, before others are asked meanwhile. */
  private static final Duration BEGIN = Duration.ofMillis(400);

  /** How long a stream is watched that has said all that was recorded. */
  private static final Duration SILENCE = Duration.ofMillis(500);

  /** How long members have to be connected before the membership may change. */
  private static final Duration CONNECTED = Duration.ofMillis(5_500);

  private final String name;
  private final List<GatewayStep> steps;
  private final Judge judge;
  private final Departures departures;
  private final GatewayNames names = new GatewayNames();
  private final Pace pace = new Pace();
  private final List<StepResult> results = new ArrayList<>();

  private GatewayReplay(String name, Departures departures) {
    this.name = name;
    this.departures = departures;
    this.judge = new Judge(name, departures, AddressPlan.recorded());
    this.steps = Transcript.lines(name).stream().map(Json::parse).map(GatewayStep::of).toList();
  }

  /**
   * Replays a recording from its first line to its last. All processes have ended when it returns.
   *
   * @param name the recording, for example {@code 3.4.23/gateway-01-kv}
   * @param folder an empty folder for data and logs, left as it is afterwards
   * @throws AssertionError when a server does not become ready
   */
  public static ReplayReport run(
      String name, Distribution distribution, Departures departures, Path folder) {
    return new GatewayReplay(name, departures).run(distribution, folder);
  }

  private ReplayReport run(Distribution distribution, Path folder) {
    try (GatewayScene scene = new GatewayScene(name, distribution, folder, names)) {
      for (int at = 0; at < steps.size(); at++) {
        GatewayStep step = steps.get(at);
        pace.stepStarts();
        prepare(scene, step.n());
        Observation seen = perform(scene.member(asked(at)), step);
        results.add(result(step, seen));
      }
    }
    return new ReplayReport(name, pace.lagAtEnd(), results);
  }

  /** What happened to the three recorded servers between the lines, and is not in them. */
  private void prepare(GatewayScene scene, int n) {
    if (!name.endsWith("cluster3")) {
      return;
    }
    String m0 = "14323108630649030404";
    String m2 = "10758209672296928929";
    switch (n) {
      case 1 -> scene.lead(m2, names.toReplayed(m2));
      case 11, 15 -> Await.pause(CONNECTED);
      case 17 -> scene.loseLeader(m0, m2);
      default -> {}
    }
  }

  /** Errors do not say who answered: the next answer that does, or the last one, tells. */
  private Optional<String> asked(int at) {
    for (int i = at; i < steps.size(); i++) {
      if (steps.get(i).answeredBy().isPresent()) {
        return steps.get(i).answeredBy();
      }
    }
    for (int i = at; i >= 0; i--) {
      if (steps.get(i).answeredBy().isPresent()) {
        return steps.get(i).answeredBy();
      }
    }
    return Optional.empty();
  }

  private StepResult result(GatewayStep step, Observation seen) {
    String what = step.call().method() + " " + step.call().target();
    if (departures.excludes(name, step.n())) {
      return new StepResult(step.n(), StepResult.Kind.EXCLUDED, what, 0, List.of());
    }
    return judge.judge(
        step.n(),
        StepResult.Kind.HTTP,
        what + " " + step.call().body().map(this::shown).orElse(""),
        new GatewayComparison(pace.lag(step.recorded(), seen)),
        step.recorded(),
        seen);
  }

  private String shown(String body) {
    return body.length() > 200 ? body.substring(0, 200) + "…" : body;
  }

  private Observation perform(Member member, GatewayStep step) {
    Map<String, String> fields = new TreeMap<>();
    if (step.streams()) {
      stream(member, step, fields);
    } else {
      ask(member, step.call(), "", step.recorded(), fields);
    }
    return new Observation(fields);
  }

  private HttpCall translated(HttpCall call) {
    return new HttpCall(
        call.method(),
        call.target(),
        call.headers().stream()
            .map(header -> new Header(header.name(), names.toReplayed(header.value())))
            .toList(),
        call.body().map(names::toReplayed));
  }

  private void ask(
      Member member, HttpCall call, String prefix, Observation recorded, Map<String, String> seen) {
    try {
      HttpReply reply = HttpStream.exchange(member.client(), translated(call), ANSWER);
      put(reply, prefix, recorded, seen);
    } catch (IOException failure) {
      seen.put(prefix + "error", failure.toString());
    }
  }

  private void put(HttpReply reply, String prefix, Observation recorded, Map<String, String> seen) {
    names.learn(recorded.fields().getOrDefault(prefix + "body", ""), reply.body());
    seen.put(prefix + "status", Integer.toString(reply.status()));
    if (recorded.fields().containsKey(prefix + "shape")) {
      seen.put(prefix + "shape", GatewayStep.shapeOf(reply.body()));
    } else {
      seen.put(prefix + "body", names.toRecorded(reply.body()));
    }
    Map<String, String> headers = new TreeMap<>();
    reply
        .headers()
        .forEach(header -> GatewayStep.putHeader(headers, header.name(), header.value()));
    // What was asked meanwhile was recorded without headers.
    boolean withHeaders =
        recorded.fields().keySet().stream().anyMatch(f -> f.startsWith(prefix + "header"));
    if (withHeaders) {
      headers.forEach((field, value) -> seen.put(prefix + field, value));
    }
  }

  private void stream(Member member, GatewayStep step, Map<String, String> seen) {
    CompletableFuture<HttpStream> opening = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                opening.complete(HttpStream.open(member.client(), translated(step.call()), ANSWER));
              } catch (IOException failure) {
                opening.completeExceptionally(failure);
              }
            });
    Optional<HttpStream> begun = within(opening, BEGIN);
    for (int i = 0; i < step.during().size(); i++) {
      String prefix = "during " + (i + 1) + " ";
      ask(member, step.during().get(i), prefix, step.recorded(), seen);
    }
    boolean answers = step.recorded().fields().containsKey("status");
    if (begun.isEmpty()) {
      begun = within(opening, answers ? ANSWER : SILENCE);
    }
    if (begun.isEmpty()) {
      seen.put("end", "no answer yet");
      opening.thenAccept(GatewayReplay::close);
    } else {
      look(begun.get(), step, seen);
    }
  }

  private void look(HttpStream stream, GatewayStep step, Map<String, String> seen) {
    boolean ends = "by the server".equals(step.recorded().fields().get("end"));
    if (ends) {
      stream.awaitEnd(ANSWER);
    } else {
      stream.awaitBody(Math.max(1, step.lines()), ANSWER);
    }
    HttpStream.State state = stream.awaitEnd(ends ? Duration.ZERO : SILENCE);
    put(stream.reply(), "", step.recorded(), seen);
    seen.put("end", state == HttpStream.State.OPEN ? "open" : "by the server");
    close(stream);
  }

  private static Optional<HttpStream> within(
      CompletableFuture<HttpStream> opening, Duration patience) {
    try {
      return Optional.of(opening.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException late) {
      return Optional.empty();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof SocketTimeoutException) {
        return Optional.empty();
      }
      throw new IllegalStateException("no answer to a stream", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", interrupted);
    }
  }

  private static void close(HttpStream stream) {
    try {
      stream.close();
    } catch (IOException over) {
      throw new IllegalStateException("cannot close a connection", over);
    }
  }
}
