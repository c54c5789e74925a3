// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.GoJson;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.v3.client.KeepAliveStream;
import io.kvorum.ctl.v3.output.HexText;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;
import io.kvorum.ctl.v3.wire.MessageJson;

/** {@code lease keep-alive}: renews a lease, once or until it is gone. */
final class KeepAliveCommand implements Command, Rendering {

  private static final Option ONCE =
      Option.flag("Resets the keep-alive time to its original value and exits immediately", "once");
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "keep-alive", "Keeps leases alive (renew)", "[options] <leaseID> [flags]", ONCE);
  }

  @Override
  public void run(Call call) {
    if (call.count() != 1) {
      throw call.badArguments("lease keep-alive command needs lease ID as argument");
    }
    long id = LeaseCommands.id(call, call.argument(0));
    KeepAliveStream stream = new KeepAliveStream(call.client(), id);
    if (call.isSet(ONCE)) {
      once(call, stream);
      return;
    }
    Deadline lost = Deadline.NEVER;
    for (Message answer = stream.renew(lost);
        KeepAliveStream.ttl(answer) > 0;
        answer = stream.renew(lost)) {
      call.show(answer, this);
      call.console().flush();
      long ttl = KeepAliveStream.ttl(answer);
      pause(ttl);
      lost = Deadline.in(ttl * NANOS_PER_SECOND);
    }
    call.output().line("lease " + HexText.lease(id) + " expired or revoked.");
  }

  private void once(Call call, KeepAliveStream stream) {
    Message answer;
    try {
      answer = stream.renew(call.patientDeadline());
    } catch (RpcFailure e) {
      throw call.fail(ExitStatus.BAD_CONNECTION, String.valueOf(e.getMessage()));
    }
    if (KeepAliveStream.ttl(answer) <= 0) {
      throw call.fail(ExitStatus.BAD_CONNECTION, "etcdserver: requested lease not found");
    }
    call.show(answer, this);
  }

  private static void pause(long ttl) {
    try {
      Thread.sleep(Math.max(ttl * 1000 / 3, 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void simple(Output out, Message answer) {
    String id = HexText.lease(answer.number(LeaseCommands.ID));
    out.line("lease " + id + " keepalived with TTL(" + answer.number(LeaseCommands.TTL) + ")");
  }

  @Override
  public void fields(Output out, Message answer) {
    out.header(answer);
    out.number("ID", answer.number(LeaseCommands.ID));
    out.number("TTL", answer.number(LeaseCommands.TTL));
  }

  @Override
  public void json(Output out, Message answer) {
    GoJson json = new GoJson();
    MessageJson messages = LeaseCommands.open(out, json, answer);
    json.name("ID");
    messages.lease(answer.number(LeaseCommands.ID));
    json.name("TTL").value(answer.number(LeaseCommands.TTL)).endObject();
    out.json(json);
  }
}
