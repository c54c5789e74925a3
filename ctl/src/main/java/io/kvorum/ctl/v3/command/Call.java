// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.v3.cli.Flags;
import io.kvorum.ctl.v3.client.EtcdClient;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.Format;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a command: what was given, the cluster, and where to say the result. Settings are
 * read and the cluster is asked only when a command wants them: it looks at its arguments first.
 */
public final class Call implements AutoCloseable {

  private final Console console;
  private final Flags flags;
  private @Nullable Settings settings;
  private @Nullable Output output;
  private @Nullable EtcdClient client;

  public Call(Console console, Flags flags) {
    this.console = console;
    this.flags = flags;
  }

  Console console() {
    return console;
  }

  Flags flags() {
    return flags;
  }

  List<String> arguments() {
    return flags.arguments();
  }

  /** An argument by position; the caller knows that it is there. */
  String argument(int index) {
    return flags.arguments().get(index);
  }

  int count() {
    return flags.arguments().size();
  }

  boolean isSet(Option option) {
    return flags.isSet(option);
  }

  Settings settings() {
    Settings known = settings;
    if (known == null) {
      known = Settings.of(console, flags);
      settings = known;
    }
    return known;
  }

  /** Where answers are printed; fails for a format that does not exist. */
  Output output() {
    Output known = output;
    if (known == null) {
      Format format =
          switch (settings().text(GlobalFlags.WRITE_OUT)) {
            case "simple" -> Format.SIMPLE;
            case "fields" -> Format.FIELDS;
            case "json" -> Format.JSON;
            case "protobuf" -> Format.PROTOBUF;
            case "table" -> Format.TABLE;
            default -> throw fail(ExitStatus.BAD_FEATURE, "unsupported output format");
          };
      known = new Output(console, format, settings().isSet(GlobalFlags.HEX));
      output = known;
    }
    return known;
  }

  /** The cluster; fails for bad settings and when the login fails. */
  EtcdClient client() {
    EtcdClient known = client;
    if (known == null) {
      output();
      known = connecting().client();
      client = known;
    }
    return known;
  }

  Connecting connecting() {
    return new Connecting(console, settings());
  }

  /** A short command's request. */
  Message ask(Rpc rpc, ProtoWriter request) {
    return client().call(rpc, request);
  }

  /** A request that may take its time unless a limit was chosen. */
  Message askPatiently(Rpc rpc, ProtoWriter request) {
    return client().call(rpc, request, patientDeadline());
  }

  /** No limit unless one was chosen. */
  Deadline patientDeadline() {
    boolean chosen = settings().isChosen(GlobalFlags.COMMAND_TIMEOUT);
    return chosen
        ? Deadline.in(settings().durationNanos(GlobalFlags.COMMAND_TIMEOUT))
        : Deadline.NEVER;
  }

  void show(Message answer, Rendering rendering) {
    output().show(answer, rendering);
  }

  /** Says that the arguments are wrong. */
  CommandExit badArguments(String reason) {
    return fail(ExitStatus.BAD_ARGUMENTS, reason);
  }

  /** Says why the command ends. */
  CommandExit fail(int code, String reason) {
    console.errorLine("Error: " + reason);
    return new CommandExit(code);
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
  }
}
