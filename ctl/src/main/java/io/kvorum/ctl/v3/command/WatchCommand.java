// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.v3.cli.FlagMistake;
import io.kvorum.ctl.v3.cli.FlagParser;
import io.kvorum.ctl.v3.client.WatchStream;
import io.kvorum.ctl.v3.output.GoQuote;
import io.kvorum.ctl.v3.output.KeyValue;
import io.kvorum.ctl.v3.wire.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code watch}: prints events as they happen, until it is told to stop. */
final class WatchCommand implements Command {

  private static final int KV = 2;
  private static final int TYPE = 1;
  private static final int REVISION = 3;
  private static final int CANCEL_REASON = 6;
  private static final int CREATED = 3;

  private static final String STATUS_PREFIX = "rpc error: code = ";
  private static final String STATUS_TEXT = " desc = ";

  /** What to run at each watch's events; guarded by itself, also while a watch is begun. */
  private final Map<WatchStream.Watch, List<String>> programs = new HashMap<>();

  @Override
  public CommandSpec spec() {
    return WatchArguments.SPEC;
  }

  @Override
  public void run(Call call) {
    if (call.isSet(WatchArguments.INTERACTIVE)) {
      interactive(call);
      return;
    }
    WatchArguments arguments;
    try {
      arguments =
          WatchArguments.of(
              call.flags(),
              call.console().variable("ETCDCTL_WATCH_KEY"),
              call.console().variable("ETCDCTL_WATCH_RANGE_END"));
    } catch (WatchArguments.Mistake e) {
      throw call.badArguments(String.valueOf(e.getMessage()));
    }
    WatchStream stream = new WatchStream(call.client());
    programs.put(stream.add(arguments.order()), arguments.program());
    print(call, stream);
  }

  /** Prints what comes until the server cancels the last watch. */
  private void print(Call call, WatchStream stream) {
    while (true) {
      WatchStream.Delivery delivery = stream.next();
      if (delivery.canceled()) {
        cancelled(call, delivery);
        return;
      }
      if (delivery.answer().flag(CREATED)) {
        continue;
      }
      call.show(delivery.answer(), new WatchRendering(delivery));
      call.console().flush();
      runProgram(call, delivery);
    }
  }

  private static void cancelled(Call call, WatchStream.Delivery delivery) {
    String reason = delivery.answer().text(CANCEL_REASON);
    if (delivery.compactRevision() != 0) {
      reason = "etcdserver: mvcc: required revision has been compacted";
    } else if (reason.startsWith(STATUS_PREFIX) && reason.contains(STATUS_TEXT)) {
      reason = reason.substring(reason.indexOf(STATUS_TEXT) + STATUS_TEXT.length());
    }
    call.console().errorLine("watch was canceled (" + reason + ")");
    throw call.fail(ExitStatus.INTERRUPTED, "watch is canceled by the server");
  }

  private void runProgram(Call call, WatchStream.Delivery delivery) {
    List<String> program;
    synchronized (programs) {
      program = programs.getOrDefault(delivery.watch(), List.of());
    }
    if (program.isEmpty()) {
      return;
    }
    for (Message event : delivery.events()) {
      Message pair = event.message(KV);
      Map<String, String> variables =
          Map.of(
              "ETCD_WATCH_REVISION",
              Long.toString(delivery.answer().header().number(REVISION)),
              "ETCD_WATCH_EVENT_TYPE",
              event.number(TYPE) == 0 ? "\"PUT\"" : "\"DELETE\"",
              "ETCD_WATCH_KEY",
              GoQuote.of(pair.bytes(KeyValue.KEY)),
              "ETCD_WATCH_VALUE",
              GoQuote.of(pair.bytes(KeyValue.VALUE)));
      String failure = RunProgram.failure(call.console(), program, variables);
      if (!failure.isEmpty()) {
        call.console().errorLine("command " + quoted(program) + " error (" + failure + ")");
        throw new CommandExit(ExitStatus.ERROR);
      }
    }
  }

  private static String quoted(List<String> program) {
    StringBuilder text = new StringBuilder("[");
    for (String word : program) {
      text.append(text.length() > 1 ? " " : "");
      text.append(GoQuote.of(Bytes.utf8(word)));
    }
    return text.append(']').toString();
  }

  /** Reads watches from standard input while a thread of its own prints what they find. */
  private void interactive(Call call) {
    WatchStream stream = new WatchStream(call.client());
    Thread printer = null;
    for (Optional<String> line = call.console().nextLine();
        line.isPresent();
        line = call.console().nextLine()) {
      List<String> words = Words.split(line.get());
      String first = words.isEmpty() ? "" : words.get(0);
      switch (first) {
        case "watch" -> order(call, stream, words.subList(1, words.size()));
        case "progress" -> stream.requestProgress();
        default ->
            call.console()
                .errorLine("Invalid command: " + line.get() + " (watch and progress supported)");
      }
      if (printer == null && !programs.isEmpty()) {
        printer = new Thread(() -> printAndEnd(call, stream), "watch");
        printer.setDaemon(true);
        printer.start();
      }
    }
    throw call.fail(ExitStatus.INVALID_INPUT, "error reading watch request line: EOF");
  }

  private void order(Call call, WatchStream stream, List<String> words) {
    try {
      WatchArguments arguments =
          WatchArguments.of(FlagParser.parse(spec().options(), words), "", "");
      synchronized (programs) {
        programs.put(stream.add(arguments.order()), arguments.program());
      }
    } catch (FlagMistake | WatchArguments.Mistake e) {
      throw call.badArguments(String.valueOf(e.getMessage()));
    }
  }

  private void printAndEnd(Call call, WatchStream stream) {
    int code = ExitStatus.ERROR;
    try {
      print(call, stream);
    } catch (CommandExit e) {
      code = e.code();
    } catch (RpcFailure e) {
      call.console().errorLine("Error: " + e.getMessage());
    }
    call.console().flush();
    Runtime.getRuntime().halt(code);
  }
}
