// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.FixedText;
import io.kvorum.ctl.v3.output.HexText;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;
import io.kvorum.ctl.v3.wire.MessageJson;
import java.util.List;

/** {@code lease}: grant, revoke, timetolive, list; {@link KeepAliveCommand} is apart. */
final class LeaseCommands {

  static final int ID = 2;
  static final int TTL = 3;
  private static final int GRANTED_TTL = 4;
  private static final int KEYS = 5;
  private static final int LEASES = 2;

  private LeaseCommands() {}

  static long id(Call call, String text) {
    try {
      return Numbers.signed(text, 16);
    } catch (Numbers.Mistake e) {
      throw call.badArguments("bad lease ID arg (" + e.getMessage() + "), expecting ID in Hex");
    }
  }

  /** The header's fields stand beside the answer's own, as Go's client has them. */
  static MessageJson open(Output out, GoJson json, Message answer) {
    MessageJson messages = out.jsonOf(json);
    json.beginObject();
    messages.fields(answer.header());
    return messages;
  }

  static final class Grant implements Command, Rendering {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("grant", "Creates leases", "<ttl> [flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 1) {
        throw call.badArguments("lease grant command needs TTL argument");
      }
      ProtoWriter request = new ProtoWriter();
      try {
        request.uint64(1, Numbers.signed(call.argument(0), 10));
      } catch (Numbers.Mistake e) {
        throw call.badArguments("bad TTL (" + e.getMessage() + ")");
      }
      Message answer;
      call.client();
      try {
        answer = call.ask(Rpc.LEASE_GRANT, request);
      } catch (RpcFailure e) {
        throw call.fail(ExitStatus.ERROR, "failed to grant lease (" + e.getMessage() + ")");
      }
      call.show(answer, this);
    }

    @Override
    public void simple(Output out, Message answer) {
      String id = HexText.lease(answer.number(ID));
      out.line("lease " + id + " granted with TTL(" + answer.number(TTL) + "s)");
    }

    @Override
    public void fields(Output out, Message answer) {
      out.header(answer);
      out.number("ID", answer.number(ID));
      out.number("TTL", answer.number(TTL));
    }

    @Override
    public void json(Output out, Message answer) {
      GoJson json = new GoJson();
      MessageJson messages = open(out, json, answer);
      json.name("ID");
      messages.lease(answer.number(ID));
      json.name("TTL").value(answer.number(TTL));
      json.name("Error").value(answer.text(4)).endObject();
      out.json(json);
    }
  }

  static final class Revoke implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("revoke", "Revokes leases", "<leaseID> [flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 1) {
        throw call.badArguments("lease revoke command needs 1 argument");
      }
      long id = id(call, call.argument(0));
      ProtoWriter request = new ProtoWriter();
      request.uint64(1, id);
      Message answer;
      call.client();
      try {
        answer = call.ask(Rpc.LEASE_REVOKE, request);
      } catch (RpcFailure e) {
        throw call.fail(ExitStatus.ERROR, "failed to revoke lease (" + e.getMessage() + ")");
      }
      call.show(answer, new FixedText("lease " + HexText.lease(id) + " revoked", true));
    }
  }

  static final class TimeToLive implements Command, Rendering {

    private static final Option WITH_KEYS = Option.flag("Get keys attached to this lease", "keys");

    private boolean withKeys;

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "timetolive", "Get lease information", "<leaseID> [options] [flags]", WITH_KEYS);
    }

    @Override
    public void run(Call call) {
      if (call.count() != 1) {
        throw call.badArguments("lease timetolive command needs lease ID as argument");
      }
      withKeys = call.isSet(WITH_KEYS);
      ProtoWriter request = new ProtoWriter();
      request.uint64(1, id(call, call.argument(0)));
      request.bool(2, withKeys);
      call.show(call.ask(Rpc.LEASE_TIME_TO_LIVE, request), this);
    }

    @Override
    public void simple(Output out, Message answer) {
      String id = "lease " + HexText.lease(answer.number(ID));
      if (answer.number(GRANTED_TTL) == 0 && answer.number(TTL) == -1) {
        out.line(id + " already expired");
        return;
      }
      StringBuilder line = new StringBuilder(id);
      line.append(" granted with TTL(").append(answer.number(GRANTED_TTL));
      line.append("s), remaining(").append(answer.number(TTL)).append("s)");
      if (withKeys) {
        line.append(", attached keys([");
        List<Bytes> keys = answer.byteStrings(KEYS);
        for (int i = 0; i < keys.size(); i++) {
          line.append(i == 0 ? "" : " ").append(keys.get(i).utf8());
        }
        line.append("])");
      }
      out.line(line.toString());
    }

    @Override
    public void fields(Output out, Message answer) {
      out.header(answer);
      out.number("ID", answer.number(ID));
      out.number("TTL", answer.number(TTL));
      out.number("GrantedTTL", answer.number(GRANTED_TTL));
      for (Bytes key : answer.byteStrings(KEYS)) {
        out.quoted("Key", key);
      }
    }

    @Override
    public void json(Output out, Message answer) {
      GoJson json = new GoJson();
      MessageJson messages = open(out, json, answer);
      json.name("id");
      messages.lease(answer.number(ID));
      json.name("ttl").value(answer.number(TTL));
      json.name("granted-ttl").value(answer.number(GRANTED_TTL)).name("keys");
      if (answer.byteStrings(KEYS).isEmpty()) {
        json.nil();
      } else {
        json.beginArray();
        for (Bytes key : answer.byteStrings(KEYS)) {
          messages.base64(key);
        }
        json.endArray();
      }
      json.endObject();
      out.json(json);
    }
  }

  static final class ListAll implements Command, Rendering {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("list", "List all active leases", "[flags]");
    }

    @Override
    public void run(Call call) {
      call.show(call.ask(Rpc.LEASE_LEASES, new ProtoWriter()), this);
    }

    @Override
    public void simple(Output out, Message answer) {
      out.line("found " + answer.messages(LEASES).size() + " leases");
      for (Message lease : answer.messages(LEASES)) {
        out.line(HexText.lease(lease.number(1)));
      }
    }

    @Override
    public void fields(Output out, Message answer) {
      out.header(answer);
      for (Message lease : answer.messages(LEASES)) {
        out.number("ID", lease.number(1));
      }
    }

    @Override
    public void json(Output out, Message answer) {
      GoJson json = new GoJson();
      MessageJson messages = open(out, json, answer);
      json.name("leases").beginArray();
      for (Message lease : answer.messages(LEASES)) {
        json.beginObject().name("id");
        messages.lease(lease.number(1));
        json.endObject();
      }
      json.endArray().endObject();
      out.json(json);
    }
  }
}
