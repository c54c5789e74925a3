// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.v3.cli.FlagMistake;
import io.kvorum.ctl.v3.cli.FlagParser;
import io.kvorum.ctl.v3.cli.Flags;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code txn}: compares, and what to do in either case, from standard input in three blocks that an
 * empty line ends each.
 */
final class TxnCommand implements Command, Rendering {

  private static final Option INTERACTIVE =
      Option.flag("Input transaction in interactive mode", "interactive", "i");

  private static final int COMPARE = 1;
  private static final int SUCCESS = 2;
  private static final int FAILURE = 3;
  private static final int SUCCEEDED = 2;
  private static final int RESPONSES = 3;

  private final List<OpCommand> success = new ArrayList<>();
  private final List<OpCommand> failure = new ArrayList<>();

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "txn",
        "Txn processes all the requests in one transaction",
        "[options] [flags]",
        INTERACTIVE);
  }

  @Override
  public void run(Call call) {
    if (call.count() != 0) {
      throw call.badArguments("txn command does not accept argument");
    }
    ProtoWriter request = new ProtoWriter();
    prompt(call, "compares:");
    for (String line = line(call); !line.isEmpty(); line = line(call)) {
      compare(call, line, request);
    }
    prompt(call, "success requests (get, put, del):");
    for (String line = line(call); !line.isEmpty(); line = line(call)) {
      success.add(operation(call, line, SUCCESS, request));
    }
    prompt(call, "failure requests (get, put, del):");
    for (String line = line(call); !line.isEmpty(); line = line(call)) {
      failure.add(operation(call, line, FAILURE, request));
    }
    call.show(call.askPatiently(Rpc.TXN, request), this);
  }

  private static void prompt(Call call, String text) {
    if (call.isSet(INTERACTIVE)) {
      call.console().line(text);
      call.console().flush();
    }
  }

  private static String line(Call call) {
    return call.console()
        .nextLine()
        .map(String::strip)
        .orElseThrow(() -> call.fail(ExitStatus.INVALID_INPUT, "EOF"));
  }

  private static void compare(Call call, String line, ProtoWriter request) {
    int mark = request.begin(COMPARE);
    try {
      CompareLine.parse(line).write(request);
    } catch (CompareLine.Mistake e) {
      throw call.fail(ExitStatus.INVALID_INPUT, String.valueOf(e.getMessage()));
    }
    request.end(mark);
  }

  private static OpCommand operation(Call call, String line, int branch, ProtoWriter request) {
    List<String> words = Words.split(line);
    if (words.size() < 2) {
      throw call.fail(ExitStatus.INVALID_INPUT, "invalid txn compare request: " + line);
    }
    OpCommand command =
        switch (words.get(0)) {
          case "get" -> new GetCommand();
          case "put" -> new PutCommand();
          case "del" -> new DelCommand();
          default -> throw invalid(call, line);
        };
    try {
      Flags flags = FlagParser.parse(command.spec().options(), words.subList(1, words.size()));
      int operation = request.begin(branch);
      int mark = request.begin(command.opField());
      request.put(command.request(call, flags).toBytes());
      request.end(mark);
      request.end(operation);
      return command;
    } catch (FlagMistake e) {
      throw invalid(call, line);
    }
  }

  private static CommandExit invalid(Call call, String line) {
    return call.fail(ExitStatus.INVALID_INPUT, "invalid txn request: " + line);
  }

  @Override
  public void simple(Output out, Message answer) {
    out.line(answer.flag(SUCCEEDED) ? "SUCCESS" : "FAILURE");
    List<OpCommand> run = answer.flag(SUCCEEDED) ? success : failure;
    for (int i = 0; i < run.size(); i++) {
      out.line("");
      run.get(i).simple(out, part(answer, i, run.get(i)));
    }
  }

  @Override
  public void fields(Output out, Message answer) {
    out.header(answer);
    out.flag("Succeeded", answer.flag(SUCCEEDED));
    List<OpCommand> run = answer.flag(SUCCEEDED) ? success : failure;
    for (int i = 0; i < run.size(); i++) {
      run.get(i).fields(out, part(answer, i, run.get(i)));
    }
  }

  private static Message part(Message answer, int index, OpCommand command) {
    return answer.messages(RESPONSES).get(index).message(command.opField());
  }
}
