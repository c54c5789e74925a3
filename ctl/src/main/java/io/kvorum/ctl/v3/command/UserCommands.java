// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.terminal.PasswordPrompt;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.FixedText;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;
import java.util.List;

/** {@code user}: users, their passwords and roles. */
final class UserCommands {

  private static final Option INTERACTIVE =
      new Option(
          Option.Kind.FLAG,
          List.of("interactive"),
          "true",
          "Read password from stdin instead of interactive terminal");

  private UserCommands() {}

  private static String onlyName(Call call, String mistake) {
    if (call.count() != 1) {
      throw call.badArguments(mistake);
    }
    return call.argument(0);
  }

  private static String password(Call call, String user) {
    if (!call.isSet(INTERACTIVE)) {
      String line = call.console().readLine().strip();
      int blank = line.indexOf(' ');
      return blank < 0 ? line : line.substring(0, blank);
    }
    String first = PasswordPrompt.ask(call.console(), "Password of " + user + ": ");
    String again =
        PasswordPrompt.ask(
            call.console(), "Type password of " + user + " again for confirmation: ");
    if (!first.equals(again)) {
      throw call.badArguments("given passwords are different");
    }
    if (first.isEmpty()) {
      throw call.badArguments("empty password");
    }
    return first;
  }

  static final class Add implements Command {

    private static final Option NEW_PASSWORD =
        Option.text("Supply password from the command line flag", "new-user-password");
    private static final Option NO_PASSWORD =
        Option.flag("Create a user without password (CN based auth only)", "no-password");

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "add",
          "Adds a new user",
          "<user name or user:password> [options] [flags]",
          INTERACTIVE,
          NEW_PASSWORD,
          NO_PASSWORD);
    }

    @Override
    public void run(Call call) {
      String name = onlyName(call, "user add command requires user name as its argument");
      String password = "";
      boolean none = call.isSet(NO_PASSWORD);
      int colon = name.indexOf(':');
      if (!none && !call.flags().text(NEW_PASSWORD).isEmpty()) {
        password = call.flags().text(NEW_PASSWORD);
      } else if (!none && colon >= 0) {
        password = name.substring(colon + 1);
        name = name.substring(0, colon);
        if (name.isEmpty()) {
          throw call.badArguments("empty user name is not allowed");
        }
      } else if (!none) {
        password = password(call, name);
      }
      ProtoWriter request = new ProtoWriter();
      request.string(1, name);
      request.string(2, password);
      int options = request.begin(3);
      request.bool(1, none);
      request.end(options);
      call.show(
          call.askPatiently(Rpc.USER_ADD, request),
          new FixedText("User " + name + " created", true));
    }
  }

  static final class Delete implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("delete", "Deletes a user", "<user name> [flags]");
    }

    @Override
    public void run(Call call) {
      String name = onlyName(call, "user delete command requires user name as its argument");
      AuthCommands.change(
          call, Rpc.USER_DELETE, new FixedText("User " + name + " deleted", true), name);
    }
  }

  static final class Get implements Command, Rendering {

    private static final Option DETAIL =
        Option.flag("Show permissions of roles granted to the user", "detail");

    private String name = "";

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "get", "Gets detailed information of a user", "<user name> [options] [flags]", DETAIL);
    }

    @Override
    public void run(Call call) {
      name = onlyName(call, "user get command requires user name as its argument");
      ProtoWriter request = new ProtoWriter();
      request.string(1, name);
      Message answer = call.askPatiently(Rpc.USER_GET, request);
      if (!call.isSet(DETAIL)) {
        call.show(answer, this);
        return;
      }
      call.output().line("User: " + name);
      for (String role : answer.texts(2)) {
        call.output().line("");
        RoleCommands.Get.show(call, role);
      }
    }

    @Override
    public void simple(Output out, Message answer) {
      out.line("User: " + name);
      StringBuilder roles = new StringBuilder("Roles:");
      for (String role : answer.texts(2)) {
        roles.append(' ').append(role);
      }
      out.line(roles.toString());
    }
  }

  static final class ListAll implements Command, Rendering {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("list", "Lists all users", "[flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 0) {
        throw call.badArguments("user list command requires no arguments");
      }
      call.show(call.askPatiently(Rpc.USER_LIST, new ProtoWriter()), this);
    }

    @Override
    public void simple(Output out, Message answer) {
      answer.texts(2).forEach(out::line);
    }
  }

  static final class ChangePassword implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "passwd", "Changes password of user", "<user name> [options] [flags]", INTERACTIVE);
    }

    @Override
    public void run(Call call) {
      String name = onlyName(call, "user passwd command requires user name as its argument");
      AuthCommands.change(
          call,
          Rpc.USER_CHANGE_PASSWORD,
          new FixedText("Password updated", true),
          name,
          password(call, name));
    }
  }

  static final class GrantRole implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "grant-role", "Grants a role to a user", "<user name> <role name> [flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 2) {
        throw call.badArguments(
            "user grant command requires user name and role name as its argument");
      }
      String line = "Role " + call.argument(1) + " is granted to user " + call.argument(0);
      AuthCommands.change(
          call, Rpc.USER_GRANT_ROLE, new FixedText(line, true), call.argument(0), call.argument(1));
    }
  }

  static final class RevokeRole implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "revoke-role", "Revokes a role from a user", "<user name> <role name> [flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 2) {
        throw call.badArguments(
            "user revoke-role requires user name and role name as its argument");
      }
      String line = "Role " + call.argument(1) + " is revoked from user " + call.argument(0);
      AuthCommands.change(
          call,
          Rpc.USER_REVOKE_ROLE,
          new FixedText(line, false),
          call.argument(0),
          call.argument(1));
    }
  }
}
