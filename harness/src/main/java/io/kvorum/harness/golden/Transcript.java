// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The conversation recorded from a genuine etcd, in the order it happened. Later answers depend on
 * earlier writes, so it is replayed whole.
 *
 * @param name the release it was recorded from and the file's name, {@code 2.3.7/01-http-single}
 */
record Transcript(String name, List<Step> steps) {
  Transcript {
    steps = List.copyOf(steps);
  }

  /** The recording of that name, for the addresses it is to be replayed on. */
  static Transcript read(String name, AddressPlan addresses) {
    List<Json> lines = new ArrayList<>();
    for (String line : lines(name)) {
      lines.add(Json.parse(addresses.apply(line)));
    }
    V3Lines v3 = V3Lines.of(lines);
    return new Transcript(name, lines.stream().map(line -> step(line, v3)).toList());
  }

  /** The recording's lines as they are. */
  static List<String> lines(String name) {
    return resource(name + ".jsonl").lines().toList();
  }

  static String resource(String path) {
    try (InputStream in = Transcript.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no such recording: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }

  private static Step step(Json line, V3Lines v3) {
    int n = Math.toIntExact(line.number("n").orElseThrow());
    String kind = line.string("kind").orElseThrow();
    return switch (kind) {
      case "start-server" ->
          new Step.StartServer(n, name(line), line.strings("argv"), line.isTrue("fresh_data_dir"));
      case "stop-server" -> stopServer(n, line);
      case "pause-server" -> new Step.PauseServer(n, name(line));
      case "resume-server" -> new Step.ResumeServer(n, name(line));
      case "server-exit" ->
          new Step.ServerExit(
              n,
              Math.toIntExact(line.number("exit").orElseThrow()),
              lastText(line.string("log").orElseThrow()));
      case "http" -> {
        HttpCall call = call(line);
        yield new Step.Http(n, target(line), call, reply(line, call.method()));
      }
      case "repeat" -> {
        int times = Math.toIntExact(line.number("times").orElseThrow());
        yield new Step.Repeat(n, times, target(line), call(line));
      }
      case "watch-start" ->
          new Step.WatchStart(n, line.string("id").orElseThrow(), target(line), call(line));
      case "watch-end" -> new Step.WatchEnd(n, line.string("id").orElseThrow(), reply(line, "GET"));
      case "cli" -> command(n, line);
      case "cli-start" -> new Step.CommandStart(n, line.strings("argv"));
      case "cli-end" ->
          new Step.CommandEnd(
              n, line.strings("argv"), line.isTrue("sigint"), Observation.ofRecordedCommand(line));
      case "run" -> v3.command(n, line);
      case "background" -> v3.background(n, line);
      case "sleep" -> new Step.Sleep(n, seconds(line.get("seconds").orElseThrow()));
      case "info" ->
          line.isTrue("exited")
              ? new Step.ServerEnded(n, Math.toIntExact(line.number("exit_code").orElseThrow()))
              : new Step.Remark(n);
      default -> throw new IllegalArgumentException("line %d: unknown kind %s".formatted(n, kind));
    };
  }

  /** A log line is a time, a level and the text. */
  private static String lastText(String log) {
    String last = log.stripTrailing().lines().reduce("", (before, line) -> line);
    return last.replaceFirst("^\\S+ \\S+ [A-Z] \\| \\w+: ", "");
  }

  private static String name(Json line) {
    return line.string("name").orElseThrow();
  }

  private static Duration seconds(Json value) {
    return Duration.ofMillis(Math.round(Double.parseDouble(((Json.Scalar) value).raw()) * 1000));
  }

  private static Step stopServer(int n, Json line) {
    Signal signal = Signal.valueOf(line.string("signal").orElseThrow().replace("SIG", ""));
    int waitStatus = Math.toIntExact(line.number("wait_status").orElseThrow());
    return new Step.StopServer(
        n, name(line), signal, waitStatus < 0 ? 128 - waitStatus : waitStatus);
  }

  private static Step command(int n, Json line) {
    Map<String, String> environment = new TreeMap<>();
    if (line.get("env").orElse(new Json.Obj(List.of())) instanceof Json.Obj(var members)) {
      members.forEach(m -> environment.put(m.name(), ((Json.Text) m.value()).value()));
    }
    return new Step.Command(
        n,
        line.strings("argv"),
        environment,
        line.string("stdin").orElse(""),
        line.get("sigint_after_seconds").isPresent(),
        Observation.ofRecordedCommand(line));
  }

  private static Observation reply(Json line, String method) {
    return Observation.ofRecordedReply(line.get("response").orElseThrow(), method);
  }

  private static Step.Target target(Json line) {
    boolean peerPort =
        line.string("note")
            .filter(note -> note.toUpperCase(Locale.ROOT).contains("PEER PORT"))
            .isPresent();
    return new Step.Target(line.get("request").orElseThrow().string("member"), peerPort);
  }

  private static HttpCall call(Json line) {
    Json request = line.get("request").orElseThrow();
    String method = request.string("method").orElseThrow();
    String path = request.string("path").orElseThrow();
    List<Header> headers = new ArrayList<>();
    if (request.get("headers").orElse(new Json.Obj(List.of())) instanceof Json.Obj(var members)) {
      members.forEach(m -> headers.add(new Header(m.name(), ((Json.Text) m.value()).value())));
    }
    Optional<Json> form = request.get("form");
    if (form.isPresent()) {
      headers.add(new Header("Content-Type", "application/x-www-form-urlencoded"));
    }
    Optional<String> body = form.map(Transcript::encode).or(() -> request.string("body"));
    return new HttpCall(method, path, headers, body);
  }

  /** A form is an object, or a list of pairs when names repeat. */
  private static String encode(Json form) {
    return switch (form) {
      case Json.Obj(var members) ->
          members.stream().map(m -> pair(m.name(), m.value())).collect(Collectors.joining("&"));
      case Json.Arr(var pairs) ->
          pairs.stream()
              .map(p -> ((Json.Arr) p).items())
              .map(p -> pair(((Json.Text) p.get(0)).value(), p.get(1)))
              .collect(Collectors.joining("&"));
      case Json.Text text -> text.value();
      case Json.Scalar scalar -> scalar.raw();
    };
  }

  private static String pair(String name, Json value) {
    String text = value instanceof Json.Text t ? t.value() : value.render();
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        + "="
        + URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
