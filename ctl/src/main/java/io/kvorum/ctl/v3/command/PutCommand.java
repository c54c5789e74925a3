// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v3.cli.Flags;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.wire.Message;
import java.util.List;

/** {@code put}: stores a value. */
final class PutCommand implements OpCommand {

  private static final Option IGNORE_LEASE =
      Option.flag("updates the key using its current lease", "ignore-lease");
  private static final Option IGNORE_VALUE =
      Option.flag("updates the key using its current value", "ignore-value");
  private static final Option LEASE =
      Option.text("0", "lease ID (in hexadecimal) to attach to the key", List.of("lease"));
  private static final Option PREVIOUS =
      Option.flag("return the previous key-value pair before modification", "prev-kv");

  private static final int PREVIOUS_PAIR = 2;

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        List.of("put"),
        "Puts the given key into the store",
        "[options] <key> <value> (<value> can also be given from stdin) [flags]",
        List.of(
            "A <key> or <value> that begins with '-' is taken for a flag, unless it stands behind"
                + " '--'.",
            "",
            "Without <value>, and without '--ignore-value', all of the standard input becomes the"
                + " value."),
        List.of(IGNORE_LEASE, IGNORE_VALUE, LEASE, PREVIOUS));
  }

  @Override
  public void run(Call call) {
    call.show(call.ask(Rpc.PUT, request(call, call.flags())), this);
  }

  @Override
  public int opField() {
    return 2;
  }

  @Override
  public ProtoWriter request(Call call, Flags flags) {
    List<String> arguments = flags.arguments();
    boolean keepValue = flags.isSet(IGNORE_VALUE);
    if (arguments.isEmpty()) {
      throw call.badArguments("put command needs 1 argument and input from stdin or 2 arguments");
    }
    if (keepValue && arguments.size() > 1) {
      throw call.badArguments("put command needs only 1 argument when 'ignore-value' is set");
    }
    Bytes value = keepValue ? Bytes.EMPTY : value(call, arguments);
    ProtoWriter request = new ProtoWriter(value.length() + 256);
    request.bytes(1, Bytes.utf8(arguments.get(0)));
    request.bytes(2, value);
    request.uint64(3, lease(call, flags.text(LEASE)));
    request.bool(4, flags.isSet(PREVIOUS));
    request.bool(5, keepValue);
    request.bool(6, flags.isSet(IGNORE_LEASE));
    return request;
  }

  private static Bytes value(Call call, List<String> arguments) {
    if (arguments.size() > 1) {
      return Bytes.utf8(arguments.get(1));
    }
    Bytes input = call.console().readAllBytes();
    if (input.isEmpty()) {
      throw call.badArguments("put command needs 1 argument and input from stdin or 2 arguments");
    }
    return input;
  }

  private static long lease(Call call, String text) {
    try {
      return Numbers.signed(text, 16);
    } catch (Numbers.Mistake e) {
      throw call.badArguments("bad lease ID (" + e.getMessage() + "), expecting ID in Hex");
    }
  }

  @Override
  public void simple(Output out, Message answer) {
    out.line("OK");
    if (answer.has(PREVIOUS_PAIR)) {
      out.pair(answer.message(PREVIOUS_PAIR));
    }
  }

  @Override
  public void fields(Output out, Message answer) {
    out.header(answer);
    if (answer.has(PREVIOUS_PAIR)) {
      out.pairFields("Prev", answer.message(PREVIOUS_PAIR));
    }
  }
}
