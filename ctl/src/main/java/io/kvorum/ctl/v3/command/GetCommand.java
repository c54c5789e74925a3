// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.grpc.GrpcCall;
import io.kvorum.ctl.v3.cli.Flags;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.Format;
import io.kvorum.ctl.v3.output.KeyValue;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;
import io.kvorum.ctl.v3.wire.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code get}: a key or a range of keys. */
final class GetCommand implements Command, OpCommand, Rendering {

  private static final Option CONSISTENCY =
      Option.text("l", "Linearizable(l) or Serializable(s)", List.of("consistency"));
  private static final Option COUNT_ONLY = Option.flag("Get only the count", "count-only");
  private static final Option FROM_KEY =
      Option.flag(
          "Get keys that are greater than or equal to the given key using byte compare",
          "from-key");
  private static final Option KEYS_ONLY = Option.flag("Get only the keys", "keys-only");
  private static final Option LIMIT = Option.number("0", "Maximum number of results", "limit");
  private static final Option MAX_CREATE =
      Option.number("0", "Maximum create revision", "max-create-rev");
  private static final Option MAX_MOD =
      Option.number("0", "Maximum modification revision", "max-mod-rev");
  private static final Option MIN_CREATE =
      Option.number("0", "Minimum create revision", "min-create-rev");
  private static final Option MIN_MOD =
      Option.number("0", "Minimum modification revision", "min-mod-rev");
  private static final Option ORDER =
      Option.text("Order of results; ASCEND or DESCEND (ASCEND by default)", "order");
  private static final Option PREFIX = Option.flag("Get keys with matching prefix", "prefix");
  private static final Option VALUE_ONLY =
      Option.flag("Only write values when using the \"simple\" output format", "print-value-only");
  private static final Option REVISION = Option.number("0", "Specify the kv revision", "rev");
  private static final Option SORT_BY =
      Option.text("Sort target; CREATE, KEY, MODIFY, VALUE, or VERSION", "sort-by");
  private static final Option STREAM =
      Option.flag("Receive the result in parts as the server reads it", "stream");

  private static final int KVS = 2;
  private static final int MORE = 3;
  private static final int COUNT = 4;

  private boolean valueOnly;

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "get",
        "Gets the key or a range of keys",
        "[options] <key> [range_end] [flags]",
        CONSISTENCY,
        COUNT_ONLY,
        FROM_KEY,
        KEYS_ONLY,
        LIMIT,
        MAX_CREATE,
        MAX_MOD,
        MIN_CREATE,
        MIN_MOD,
        ORDER,
        PREFIX,
        VALUE_ONLY,
        REVISION,
        SORT_BY,
        STREAM);
  }

  @Override
  public void run(Call call) {
    ProtoWriter request = request(call, call.flags());
    valueOnly = call.isSet(VALUE_ONLY);
    Format format = call.output().format();
    if (call.isSet(COUNT_ONLY) && format != Format.FIELDS) {
      throw call.badArguments("--count-only is only for `--write-out=fields`");
    }
    if (valueOnly && format != Format.SIMPLE) {
      throw call.badArguments("print-value-only is only for `--write-out=simple`");
    }
    if (call.isSet(STREAM)) {
      stream(call, request);
    } else {
      call.show(call.ask(Rpc.RANGE, request), this);
    }
  }

  /** Puts the parts together to the answer that a plain request would have had. */
  private void stream(Call call, ProtoWriter request) {
    GrpcCall parts = call.client().open(Rpc.RANGE_STREAM, false, call.client().commandDeadline());
    parts.sendLast(request.toBytes());
    ProtoWriter whole = new ProtoWriter();
    for (Optional<Bytes> part = parts.receive(); part.isPresent(); part = parts.receive()) {
      Message message = Message.parse(Shape.of(Rpc.RANGE_STREAM.answer()), part.get());
      whole.put(message.message(1).source());
    }
    call.show(Message.parse(Shape.of(Rpc.RANGE.answer()), whole.toBytes()), this);
  }

  @Override
  public int opField() {
    return 1;
  }

  @Override
  public ProtoWriter request(Call call, Flags flags) {
    List<String> arguments = flags.arguments();
    if (arguments.isEmpty()) {
      throw call.badArguments(
          "get command needs one argument as key and an optional argument as range_end");
    }
    if (flags.isSet(PREFIX) && flags.isSet(FROM_KEY)) {
      throw call.badArguments(
          "`--prefix` and `--from-key` cannot be set at the same time, choose one");
    }
    if (flags.isSet(KEYS_ONLY) && flags.isSet(COUNT_ONLY)) {
      throw call.badArguments(
          "`--keys-only` and `--count-only` cannot be set at the same time, choose one");
    }
    boolean serializable = serializable(call, flags.text(CONSISTENCY));
    KeySpan span = span(call, flags);
    ProtoWriter request = new ProtoWriter();
    request.bytes(1, span.key());
    request.bytes(2, span.end());
    request.uint64(3, flags.number(LIMIT));
    request.uint64(4, flags.number(REVISION));
    sorting(call, flags, request);
    request.bool(7, serializable);
    request.bool(8, flags.isSet(KEYS_ONLY));
    request.bool(9, flags.isSet(COUNT_ONLY));
    limits(call, flags, request);
    return request;
  }

  private static KeySpan span(Call call, Flags flags) {
    List<String> arguments = flags.arguments();
    Bytes key = Bytes.utf8(arguments.get(0));
    boolean open = flags.isSet(PREFIX) || flags.isSet(FROM_KEY);
    if (open && arguments.size() > 1) {
      throw call.badArguments(
          "too many arguments, only accept one argument when `--prefix` or `--from-key` is set");
    }
    if (open) {
      return flags.isSet(PREFIX) ? KeySpan.prefix(key) : KeySpan.from(key);
    }
    return new KeySpan(key, arguments.size() > 1 ? Bytes.utf8(arguments.get(1)) : Bytes.EMPTY);
  }

  private static boolean serializable(Call call, String consistency) {
    return switch (consistency) {
      case "s" -> true;
      case "l" -> false;
      default ->
          throw call.fail(
              ExitStatus.BAD_FEATURE, "unknown consistency flag \"" + consistency + "\"");
    };
  }

  private static void sorting(Call call, Flags flags, ProtoWriter request) {
    String orderText = flags.text(ORDER);
    int order =
        switch (orderText.toUpperCase(Locale.ROOT)) {
          case "" -> 0;
          case "ASCEND" -> 1;
          case "DESCEND" -> 2;
          default -> throw call.fail(ExitStatus.BAD_FEATURE, "bad sort order " + orderText);
        };
    String targetText = flags.text(SORT_BY);
    int target =
        switch (targetText.toUpperCase(Locale.ROOT)) {
          case "", "KEY" -> 0;
          case "VERSION" -> 1;
          case "CREATE" -> 2;
          case "MODIFY" -> 3;
          case "VALUE" -> 4;
          default -> throw call.fail(ExitStatus.BAD_FEATURE, "bad sort target " + targetText);
        };
    // A target alone means ascending, and the server reads it so only with the order in it.
    request.enumeration(5, order == 0 && target != 0 ? 1 : order);
    request.enumeration(6, target);
  }

  private static void limits(Call call, Flags flags, ProtoWriter request) {
    range(call, flags, MIN_MOD, MAX_MOD);
    range(call, flags, MIN_CREATE, MAX_CREATE);
    request.uint64(10, flags.number(MIN_MOD));
    request.uint64(11, flags.number(MAX_MOD));
    request.uint64(12, flags.number(MIN_CREATE));
    request.uint64(13, flags.number(MAX_CREATE));
  }

  private static void range(Call call, Flags flags, Option least, Option most) {
    if (flags.number(most) > 0 && flags.number(least) > flags.number(most)) {
      throw call.fail(
          ExitStatus.BAD_FEATURE,
          "`--" + least.name() + "` cannot be larger than `--" + most.name() + "`");
    }
  }

  @Override
  public void simple(Output out, Message answer) {
    for (Message pair : answer.messages(KVS)) {
      if (!valueOnly) {
        out.bytesLine(pair.bytes(KeyValue.KEY));
      }
      out.bytesLine(pair.bytes(KeyValue.VALUE));
    }
  }

  @Override
  public void fields(Output out, Message answer) {
    out.header(answer);
    for (Message pair : answer.messages(KVS)) {
      out.pairFields("", pair);
    }
    out.flag("More", answer.flag(MORE));
    out.number("Count", answer.number(COUNT));
  }
}
