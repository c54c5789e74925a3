// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.FixedText;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;

/** {@code auth}: switches authentication. */
final class AuthCommands {

  private static final String ROOT = "root";

  private AuthCommands() {}

  static final class Enable implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("enable", "Enables authentication", "[flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 0) {
        throw call.badArguments("auth enable command does not accept any arguments");
      }
      try {
        call.askPatiently(Rpc.AUTH_ENABLE, new ProtoWriter());
      } catch (RpcFailure e) {
        if (!e.description().equals("etcdserver: root user does not have root role")) {
          throw e;
        }
        makeRoot(call);
        call.askPatiently(Rpc.AUTH_ENABLE, new ProtoWriter());
      }
      call.output().line("Authentication Enabled");
    }

    /** Only the user has to be made by hand; the role comes by itself. */
    private static void makeRoot(Call call) {
      ProtoWriter role = new ProtoWriter();
      role.string(1, ROOT);
      try {
        call.askPatiently(Rpc.ROLE_ADD, role);
      } catch (RpcFailure e) {
        if (!e.description().equals("etcdserver: role name already exists")) {
          throw e;
        }
      }
      ProtoWriter grant = new ProtoWriter();
      grant.string(1, ROOT);
      grant.string(2, ROOT);
      call.askPatiently(Rpc.USER_GRANT_ROLE, grant);
    }
  }

  static final class Disable implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("disable", "Disables authentication", "[flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 0) {
        throw call.badArguments("auth disable command does not accept any arguments");
      }
      call.askPatiently(Rpc.AUTH_DISABLE, new ProtoWriter());
      call.output().line("Authentication Disabled");
    }
  }

  static final class Status implements Command, Rendering {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("status", "Returns authentication status", "[flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 0) {
        throw call.badArguments("auth status command does not accept any arguments");
      }
      call.show(call.askPatiently(Rpc.AUTH_STATUS, new ProtoWriter()), this);
    }

    @Override
    public void simple(Output out, Message answer) {
      out.line("Authentication Status: " + (answer.flag(2) ? "true" : "false"));
      out.line("AuthRevision: " + Long.toUnsignedString(answer.number(3)));
    }
  }

  /** One request with one or two names in it, and one line when it is done. */
  static void change(Call call, Rpc rpc, FixedText done, String... names) {
    ProtoWriter request = new ProtoWriter();
    for (int i = 0; i < names.length; i++) {
      request.string(i + 1, names[i]);
    }
    call.show(call.askPatiently(rpc, request), done);
  }
}
