// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.v3.client.Endpoint;
import io.kvorum.ctl.v3.client.EtcdClient;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.FixedText;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Quantities;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;

/** Commands about the cluster as a whole: alarms, defragmenting, leadership, downgrades. */
final class ClusterCommands {

  private ClusterCommands() {}

  /** {@code alarm list} and {@code alarm disarm}. */
  static final class Alarm implements Command, Rendering {

    private static final int DEACTIVATE = 2;
    private static final int NOSPACE = 1;

    private final boolean disarm;

    Alarm(boolean disarm) {
      this.disarm = disarm;
    }

    @Override
    public CommandSpec spec() {
      return disarm
          ? new CommandSpec("disarm", "Disarms all alarms", "[flags]")
          : new CommandSpec("list", "Lists all alarms", "[flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 0) {
        throw call.badArguments("alarm " + spec().name() + " command accepts no arguments");
      }
      ProtoWriter request = new ProtoWriter();
      request.enumeration(1, disarm ? DEACTIVATE : 0);
      if (!disarm) {
        call.show(call.ask(Rpc.ALARM, request), this);
        return;
      }
      // What is to be disarmed has to be named one by one.
      Message active = call.ask(Rpc.ALARM, new ProtoWriter());
      for (Message alarm : active.messages(2)) {
        ProtoWriter one = new ProtoWriter();
        one.enumeration(1, DEACTIVATE);
        one.uint64(2, alarm.number(1));
        one.enumeration(3, (int) alarm.number(2));
        call.ask(Rpc.ALARM, one);
      }
      call.show(active, this);
    }

    private static String name(Message alarm) {
      return alarm.number(2) == NOSPACE ? "NOSPACE" : "CORRUPT";
    }

    @Override
    public void simple(Output out, Message answer) {
      for (Message alarm : answer.messages(2)) {
        out.line("memberID:" + Long.toUnsignedString(alarm.number(1)) + " alarm:" + name(alarm));
      }
    }

    @Override
    public void fields(Output out, Message answer) {
      out.header(answer);
      for (Message alarm : answer.messages(2)) {
        out.unsigned("MemberID", alarm.number(1));
        out.field("AlarmType", name(alarm));
        out.line("");
      }
    }
  }

  /** {@code defrag}. */
  static final class Defrag implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "defrag",
          "Defragments the storage of the etcd members with given endpoints",
          "[flags]",
          Endpoints.CLUSTER);
    }

    @Override
    public void run(Call call) {
      boolean failed = false;
      for (Endpoint endpoint : Endpoints.of(call)) {
        long start = System.nanoTime();
        String name = "etcd member[" + endpoint.text() + "]. took ";
        try (EtcdClient client = call.client().only(endpoint)) {
          client.call(Rpc.DEFRAGMENT, new ProtoWriter());
          call.output().line("Finished defragmenting " + name + took(start));
        } catch (RpcFailure e) {
          failed = true;
          call.console()
              .errorLine(
                  "Failed to defragment " + name + took(start) + ". (" + e.getMessage() + ")");
        }
      }
      if (failed) {
        throw new CommandExit(ExitStatus.ERROR);
      }
    }

    private static String took(long start) {
      return Quantities.nanos(System.nanoTime() - start);
    }
  }

  /** {@code move-leader}. */
  static final class MoveLeader implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "move-leader",
          "Transfers leadership to another etcd cluster member.",
          "<transferee-member-id> [flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 1) {
        throw call.badArguments("move-leader command needs 1 argument");
      }
      long target;
      try {
        target = Numbers.unsigned(call.argument(0), 16);
      } catch (Numbers.Mistake e) {
        throw call.badArguments(String.valueOf(e.getMessage()));
      }
      StringBuilder asked = new StringBuilder();
      for (Endpoint endpoint : call.client().endpoints()) {
        asked.append(asked.isEmpty() ? "" : " ").append(endpoint.text());
        EtcdClient client = call.client().only(endpoint);
        Message status = client.call(Rpc.STATUS, new ProtoWriter());
        long member = status.header().number(EndpointStatusCommand.HEADER_MEMBER);
        if (status.number(EndpointStatusCommand.LEADER) == member) {
          move(call, client, member, target);
          return;
        }
        client.close();
      }
      throw call.badArguments("no leader endpoint given at [" + asked + "]");
    }

    private static void move(Call call, EtcdClient leader, long from, long target) {
      ProtoWriter request = new ProtoWriter();
      request.uint64(1, target);
      Message answer = leader.call(Rpc.MOVE_LEADER, request);
      String line =
          "Leadership transferred from "
              + Long.toHexString(from)
              + " to "
              + Long.toHexString(target);
      call.show(answer, new FixedText(line, false));
      leader.close();
    }
  }

  /** {@code downgrade validate}, {@code enable} and {@code cancel}. */
  static final class Downgrade implements Command {

    private final String action;

    Downgrade(String action) {
      this.action = action;
    }

    @Override
    public CommandSpec spec() {
      return switch (action) {
        case "validate" ->
            new CommandSpec(
                action,
                "Validate downgrade capability before starting downgrade",
                "<TARGET_VERSION> [flags]");
        case "enable" ->
            new CommandSpec(
                action, "Start a downgrade action to cluster", "<TARGET_VERSION> [flags]");
        default ->
            new CommandSpec(action, "Cancel the ongoing downgrade action to cluster", "[flags]");
      };
    }

    @Override
    public void run(Call call) {
      boolean cancel = action.equals("cancel");
      if (!cancel && call.count() != 1) {
        throw call.badArguments(
            call.count() < 1 ? "TARGET_VERSION not provided" : "too many arguments");
      }
      ProtoWriter request = new ProtoWriter();
      request.enumeration(1, cancel ? 2 : action.equals("enable") ? 1 : 0);
      request.string(2, cancel ? "" : call.argument(0));
      Message answer = call.ask(Rpc.DOWNGRADE, request);
      String line = "Downgrade " + action + " success, cluster version " + answer.text(2);
      call.show(answer, new FixedText(line, false));
    }
  }
}
