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

/** {@code del}: removes a key or a range of keys. */
final class DelCommand implements OpCommand {

  private static final Option FROM_KEY =
      Option.flag(
          "delete keys that are greater than or equal to the given key using byte compare",
          "from-key");
  private static final Option PREFIX = Option.flag("delete keys with matching prefix", "prefix");
  private static final Option PREVIOUS = Option.flag("return deleted key-value pairs", "prev-kv");
  private static final Option RANGE = Option.flag("delete range of keys without delay", "range");

  private static final int DELETED = 2;
  private static final int PREVIOUS_PAIRS = 3;
  private static final long DELAY_MILLIS = 2000;

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "del",
        "Removes the specified key or range of keys [key, range_end)",
        "[options] <key> [range_end] [flags]",
        FROM_KEY,
        PREFIX,
        PREVIOUS,
        RANGE);
  }

  @Override
  public void run(Call call) {
    ProtoWriter request = request(call, call.flags());
    call.output();
    if (call.count() > 1 && !call.isSet(RANGE)) {
      warn(call);
    }
    call.show(call.ask(Rpc.DELETE_RANGE, request), this);
  }

  /** Who names a second key may have meant two keys, not a range. */
  private static void warn(Call call) {
    call.console()
        .errorLine(
            "Warning: Keys between \""
                + call.argument(0)
                + "\" and \""
                + call.argument(1)
                + "\" will be deleted. Please interrupt the command within next 2 seconds to"
                + " cancel. You can provide `--range` flag to avoid the delay.");
    try {
      Thread.sleep(DELAY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int opField() {
    return 3;
  }

  @Override
  public ProtoWriter request(Call call, Flags flags) {
    List<String> arguments = flags.arguments();
    if (arguments.isEmpty() || arguments.size() > 2) {
      throw call.badArguments(
          "del command needs one argument as key and an optional argument as range_end");
    }
    boolean prefix = flags.isSet(PREFIX);
    boolean fromKey = flags.isSet(FROM_KEY);
    if (prefix && fromKey) {
      throw call.badArguments(
          "`--prefix` and `--from-key` cannot be set at the same time, choose one");
    }
    if (arguments.size() > 1 && (prefix || fromKey)) {
      throw call.badArguments(
          "too many arguments, only accept one argument when `--prefix` or `--from-key` is set");
    }
    Bytes key = Bytes.utf8(arguments.get(0));
    KeySpan span =
        prefix
            ? KeySpan.prefix(key)
            : fromKey
                ? KeySpan.from(key)
                : new KeySpan(
                    key, arguments.size() > 1 ? Bytes.utf8(arguments.get(1)) : Bytes.EMPTY);
    ProtoWriter request = new ProtoWriter();
    request.bytes(1, span.key());
    request.bytes(2, span.end());
    request.bool(3, flags.isSet(PREVIOUS));
    return request;
  }

  @Override
  public void simple(Output out, Message answer) {
    out.line(Long.toString(answer.number(DELETED)));
    for (Message pair : answer.messages(PREVIOUS_PAIRS)) {
      out.pair(pair);
    }
  }

  @Override
  public void fields(Output out, Message answer) {
    out.header(answer);
    out.number("Deleted", answer.number(DELETED));
    for (Message pair : answer.messages(PREVIOUS_PAIRS)) {
      out.pairFields("Prev", pair);
    }
  }
}
