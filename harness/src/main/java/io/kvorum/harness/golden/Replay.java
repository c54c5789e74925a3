// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.ProcessFailure;
import io.kvorum.harness.process.Program;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replays one recording against a distribution, step by step in order, in a folder of its own.
 *
 * <p>Where the recording waited for a fixed time, the replay waits for the condition that the wait
 * stood for: a long poll's header, a watching command's registration at the server, the expected
 * output of a command before it is interrupted. Only a poll that must stay silent, and the recorded
 * {@code sleep} lines, take a fixed time.
 */
public final class Replay {
  /** After this long a request counts as unanswered; the recording used the same. */
  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** How long a poll is watched that must stay silent. */
  private static final Duration SILENCE = Duration.ofSeconds(1);

  /** How long a command is watched that did not end when it was recorded. */
  private static final Duration HANGING = Duration.ofSeconds(12);

  private static final Duration COMMAND = Duration.ofSeconds(60);

  private final Transcript transcript;
  private final Departures departures;
  private final AddressPlan addresses;
  private final Judge judge;
  private final ReplayServers servers;
  private final Commands commands;
  private final Distribution distribution;
  private final Pace pace = new Pace();
  private final RunTimeIds ids = new RunTimeIds();
  private final Map<String, OpenWatch> watches = new HashMap<>();
  private final Map<List<String>, Program> running = new HashMap<>();
  private final List<StepResult> results = new ArrayList<>();
  private boolean serversChanged;

  private record OpenWatch(HttpCall call, HttpStream stream) {}

  private Replay(
      Transcript transcript,
      Departures departures,
      AddressPlan addresses,
      Distribution distribution,
      Path folder) {
    this.transcript = transcript;
    this.departures = departures;
    this.addresses = addresses;
    this.judge = new Judge(transcript.name(), departures, addresses);
    this.servers = new ReplayServers(distribution, folder);
    this.distribution = distribution;
    this.commands = new Commands(List.of(), distribution.etcdctlEnvironment(), folder);
  }

  /**
   * Replays a recording from its first line to its last. All processes have ended when it returns.
   *
   * @param name the recording, for example {@code 2.3.7/01-http-single}
   * @param folder an empty folder for data and logs, left as it is afterwards
   * @throws AssertionError when a server does not become ready
   */
  public static ReplayReport run(
      String name, Distribution distribution, Departures departures, Path folder) {
    AddressPlan addresses = AddressPlan.choose(name);
    Transcript transcript = Transcript.read(name, addresses);
    return new Replay(transcript, departures, addresses, distribution, folder).run();
  }

  private ReplayReport run() {
    try (servers) {
      for (int at = 0; at < transcript.steps().size(); at++) {
        Step step = transcript.steps().get(at);
        departures.delay(transcript.name(), step.n()).ifPresent(Await::pause);
        pace.stepStarts();
        prepare(step, at);
        if (departures.excludes(transcript.name(), step.n())) {
          results.add(
              new StepResult(step.n(), StepResult.Kind.EXCLUDED, step.toString(), 0, List.of()));
        } else {
          perform(step);
        }
      }
    } finally {
      running.values().forEach(Program::close);
      watches.values().forEach(watch -> close(watch.stream()));
    }
    return new ReplayReport(transcript.name(), pace.lagAtEnd(), results);
  }

  /** Has the servers ready, and led as in the recording, before anybody talks to them. */
  private void prepare(Step step, int at) {
    if (Leaders.changesServers(step)) {
      serversChanged |= !(step instanceof Step.PauseServer);
      if (step instanceof Step.StopServer) {
        servers.settle();
      }
    } else if (!(step instanceof Step.Remark)) {
      servers.settle();
      if (serversChanged) {
        serversChanged = false;
        servers.agree(Leaders.told(transcript.steps(), at));
      }
    }
  }

  private void perform(Step step) {
    switch (step) {
      case Step.StartServer start -> servers.start(start);
      case Step.StopServer stop -> stop(stop);
      case Step.PauseServer pause -> servers.signal(pause.name(), Signal.STOP);
      case Step.ResumeServer resume -> servers.signal(resume.name(), Signal.CONT);
      case Step.ServerExit exit -> exit(exit);
      case Step.ServerEnded ended ->
          process(ended.n(), "end of a server", ended.exit(), servers.awaitEnd());
      case Step.Http http -> http(http);
      case Step.Repeat repeat -> repeat(repeat);
      case Step.WatchStart start -> startWatch(start);
      case Step.WatchEnd end -> endWatch(end);
      case Step.Command command -> command(command);
      case Step.CommandStart start -> startCommand(start);
      case Step.CommandEnd end -> endCommand(end);
      case Step.Background background -> background(background);
      case Step.Sleep sleep -> Await.pause(sleep.time());
      case Step.Remark remark -> {}
    }
  }

  private void stop(Step.StopServer stop) {
    int exit = servers.stop(stop.name(), stop.signal());
    process(stop.n(), "stop " + stop.name(), stop.exit(), exit);
  }

  private void exit(Step.ServerExit step) {
    ReplayServers.Refusal refusal = servers.awaitRefusalOfLast();
    results.add(
        judge.judge(
            step.n(),
            StepResult.Kind.PROCESS,
            "exit of a refused server",
            new ExactComparison(),
            new Observation(Map.of("exit", Integer.toString(step.exit()), "text", step.text())),
            new Observation(
                Map.of("exit", Integer.toString(refusal.exit()), "text", refusal.text()))));
  }

  private void process(int n, String what, int recorded, int actual) {
    results.add(
        judge.judge(
            n,
            StepResult.Kind.PROCESS,
            what,
            new ExactComparison(),
            new Observation(Map.of("exit", Integer.toString(recorded))),
            new Observation(Map.of("exit", Integer.toString(actual)))));
  }

  private void http(Step.Http step) {
    Observation actual;
    try {
      actual =
          Observation.of(
              HttpStream.exchange(
                  servers.address(step.target()),
                  step.call().withTarget(ids.toReplayed(step.call().target())),
                  ANSWER),
              step.call().method());
    } catch (IOException e) {
      // the recording's client was another one: its words for a silent server are taken as ours
      boolean timedOut = e instanceof java.net.SocketTimeoutException;
      actual = Observation.ofFailure(timedOut ? "TimeoutError: timed out" : e.toString());
    }
    judgeHttp(step.n(), step.call(), step.recorded(), actual);
  }

  private void judgeHttp(int n, HttpCall call, Observation recorded, Observation actual) {
    Observation shown = cut(ids.toRecorded(actual), recorded.fields().getOrDefault("body", ""));
    results.add(
        judge.judge(
            n,
            StepResult.Kind.HTTP,
            call.method() + " " + call.target(),
            new HttpComparison(call.target(), pace.lag(recorded, actual)),
            recorded,
            shown));
  }

  /** The recording cut two volatile bodies after 400 characters. */
  private static Observation cut(Observation actual, String recordedBody) {
    String body = actual.fields().getOrDefault("body", "");
    boolean wasCut = recordedBody.length() == 400 && body.length() > 400;
    return wasCut ? actual.with("body", Optional.of(body.substring(0, 400))) : actual;
  }

  private void repeat(Step.Repeat step) {
    for (int i = 0; i < step.times(); i++) {
      try {
        HttpStream.exchange(servers.address(step.target()), step.call(), ANSWER);
      } catch (IOException e) {
        throw new ProcessFailure("line %d, request %d".formatted(step.n(), i), e);
      }
    }
  }

  private void startWatch(Step.WatchStart step) {
    try {
      HttpStream stream = HttpStream.open(servers.address(step.target()), step.call(), ANSWER);
      watches.put(step.id(), new OpenWatch(step.call(), stream));
    } catch (IOException e) {
      throw new ProcessFailure("line %d: no header for a long poll".formatted(step.n()), e);
    }
  }

  private void endWatch(Step.WatchEnd step) {
    OpenWatch watch = watches.get(step.id());
    if (watch == null) {
      throw new IllegalStateException("watch never started: " + step.id());
    }
    int lines = Math.toIntExact(step.recorded().fields().getOrDefault("body", "").lines().count());
    HttpStream.State state =
        switch (step.end()) {
          case "server-ended-response" -> watch.stream().awaitEnd(ANSWER);
          case "connection-closed-by-client" -> watch.stream().awaitBody(lines, ANSWER);
          default -> {
            watch.stream().awaitBody(Math.max(lines, 1), lines == 0 ? SILENCE : ANSWER);
            yield watch.stream().awaitEnd(SILENCE);
          }
        };
    String end =
        switch (state) {
          case ENDED -> "server-ended-response";
          case BROKEN -> "connection-broken-by-server";
          case OPEN ->
              step.end().equals("connection-closed-by-client")
                  ? "connection-closed-by-client"
                  : "still-open-at-timeout";
        };
    Observation actual =
        Observation.of(watch.stream().reply(), "GET")
            .without("reason")
            .with("end", Optional.of(end));
    close(watch.stream());
    judgeHttp(step.n(), watch.call(), step.recorded(), actual);
  }

  private void command(Step.Command step) {
    List<String> argv =
        departures
            .rewording(transcript.name(), step.n())
            .map(words -> words.stream().map(addresses::apply).toList())
            .orElse(step.argv());
    List<String> sent = argv.stream().map(ids::toReplayed).toList();
    try (Program program = commands.start(programOf(sent), step.environment(), step.input())) {
      if (isV3(step.environment())) {
        judgeV3(step, program);
      } else {
        judgeCommand(step.n(), step.argv(), step.recorded(), outcome(step, program));
      }
    }
  }

  private static boolean isV3(Map<String, String> environment) {
    return environment.getOrDefault("ETCDCTL_API", "").equals("3");
  }

  private void judgeV3(Step.Command step, Program program) {
    Map<String, String> recorded = step.recorded().fields();
    CommandResult result = finish(program);
    ids.learnTold(recorded.getOrDefault("stdout", ""), result.stdout());
    judgeV3(
        step.n(),
        step.argv(),
        step.recorded(),
        BackgroundCommand.outcome("", recorded, program, result, new Observation(Map.of())));
  }

  private void background(Step.Background step) {
    Observation seen =
        new BackgroundCommand(commands, this::programOf, ids::toReplayed, ids::learnTold)
            .run(step, servers);
    judgeV3(step.n(), step.argv(), step.recorded(), seen);
  }

  private void judgeV3(int n, List<String> argv, Observation recorded, Observation seen) {
    results.add(
        judge.judge(
            n,
            StepResult.Kind.COMMAND,
            String.join(" ", argv),
            new V3CommandComparison(argv, pace.lagOfLeases()),
            recorded,
            ids.toRecorded(seen)));
  }

  /** A command that did not end when it was recorded is given some time to do better. */
  private static Observation outcome(Step.Command step, Program program) {
    if (step.recorded().fields().getOrDefault("exit", "").equals("none")
        && program.awaitExit(HANGING).isEmpty()) {
      return Observation.ofHanging(program.stdout(), program.stderr());
    }
    return Observation.of(
        step.interrupted() ? interrupt(program, step.recorded()) : finish(program));
  }

  private void judgeCommand(int n, List<String> argv, Observation recorded, Observation seen) {
    ids.learn(recorded, seen);
    Observation actual = ids.toRecorded(seen);
    results.add(
        judge.judge(
            n,
            StepResult.Kind.COMMAND,
            String.join(" ", argv),
            new CommandComparison(argv, pace.lagOfCommands()),
            recorded,
            actual));
  }

  private void startCommand(Step.CommandStart step) {
    long watchersBefore = servers.watchers();
    Program program = commands.start(programOf(step.argv()), Map.of(), "");
    running.put(step.argv(), program);
    Await.require(
        "line %d: the command watches".formatted(step.n()),
        ANSWER,
        () -> !program.isAlive() || servers.watchers() > watchersBefore);
  }

  private void endCommand(Step.CommandEnd step) {
    Program program = running.remove(step.argv());
    if (program == null) {
      throw new IllegalStateException("command never started: " + step.argv());
    }
    try (program) {
      CommandResult result =
          step.interrupted() ? interrupt(program, step.recorded()) : finish(program);
      judgeCommand(step.n(), step.argv(), step.recorded(), Observation.of(result));
    }
  }

  /** Interrupts a command when it has printed as much as was recorded. */
  private static CommandResult interrupt(Program program, Observation recorded) {
    int out = recorded.fields().getOrDefault("stdout", "").length();
    int err = recorded.fields().getOrDefault("stderr", "").length();
    Await.until(
        Duration.ofSeconds(10),
        () -> program.stdout().length() >= out && program.stderr().length() >= err);
    program.signal(Signal.INT);
    return finish(program);
  }

  private static CommandResult finish(Program program) {
    return Commands.finish(program, COMMAND);
  }

  private List<String> programOf(List<String> argv) {
    List<String> command = new ArrayList<>(argv);
    command.set(0, distribution.etcdctl().toString());
    return command;
  }

  private static void close(HttpStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      throw new ProcessFailure("cannot close a connection", e);
    }
  }
}
