// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.FixedText;
import io.kvorum.ctl.v3.output.GoQuote;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Rendering;
import io.kvorum.ctl.v3.wire.Message;
import java.util.List;
import java.util.Locale;

/** {@code role}: roles and what they permit. */
final class RoleCommands {

  private static final String ROOT = "root";
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int READWRITE = 2;
  private static final int PERMISSIONS = 2;

  private static final Option FROM_KEY =
      Option.flag(
          "grant a permission of keys that are greater than or equal to the given key using byte"
              + " compare",
          "from-key");
  private static final Option PREFIX = Option.flag("grant a prefix permission", "prefix");

  private RoleCommands() {}

  private static String onlyName(Call call, String mistake) {
    if (call.count() != 1) {
      throw call.badArguments(mistake);
    }
    return call.argument(0);
  }

  /** The key or range that arguments name from an index on; an empty key is the first there is. */
  private static KeySpan span(Call call, int index) {
    Bytes key = Bytes.utf8(call.argument(index));
    boolean hasEnd = call.count() > index + 1;
    boolean prefix = call.isSet(PREFIX);
    if (prefix && call.isSet(FROM_KEY)) {
      throw call.badArguments("--from-key and --prefix flags are mutually exclusive");
    }
    if (hasEnd && (prefix || call.isSet(FROM_KEY))) {
      throw call.badArguments(
          "unexpected endkey argument with --" + (prefix ? "prefix" : "from-key") + " flag");
    }
    if (prefix) {
      return KeySpan.prefix(key);
    }
    if (call.isSet(FROM_KEY)) {
      return KeySpan.from(key);
    }
    return new KeySpan(
        key.isEmpty() ? KeySpan.ZERO : key,
        hasEnd ? Bytes.utf8(call.argument(index + 1)) : Bytes.EMPTY);
  }

  /** A range for people. */
  private static String rangeText(Bytes key, Bytes end) {
    String start = "[" + key.utf8() + ", ";
    return end.equals(KeySpan.ZERO) ? start + "<open ended>" : start + end.utf8() + ")";
  }

  static final class Add implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("add", "Adds a new role", "<role name> [flags]");
    }

    @Override
    public void run(Call call) {
      String name = onlyName(call, "role add command requires role name as its argument");
      AuthCommands.change(
          call, Rpc.ROLE_ADD, new FixedText("Role " + name + " created", true), name);
    }
  }

  static final class Delete implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("delete", "Deletes a role", "<role name> [flags]");
    }

    @Override
    public void run(Call call) {
      String name = onlyName(call, "role delete command requires role name as its argument");
      AuthCommands.change(
          call, Rpc.ROLE_DELETE, new FixedText("Role " + name + " deleted", true), name);
    }
  }

  static final class ListAll implements Command, Rendering {

    @Override
    public CommandSpec spec() {
      return new CommandSpec("list", "Lists all roles", "[flags]");
    }

    @Override
    public void run(Call call) {
      if (call.count() != 0) {
        throw call.badArguments("role list command requires no arguments");
      }
      call.show(call.askPatiently(Rpc.ROLE_LIST, new ProtoWriter()), this);
    }

    @Override
    public void simple(Output out, Message answer) {
      answer.texts(2).forEach(out::line);
    }

    @Override
    public void fields(Output out, Message answer) {
      out.header(answer);
      StringBuilder roles = new StringBuilder();
      for (String role : answer.texts(2)) {
        roles.append(roles.isEmpty() ? "" : " ").append(GoQuote.of(Bytes.utf8(role)));
      }
      out.field("Roles", roles.toString());
    }
  }

  static final class Get implements Command, Rendering {

    private final String role;

    Get(String role) {
      this.role = role;
    }

    @Override
    public CommandSpec spec() {
      return new CommandSpec("get", "Gets detailed information of a role", "<role name> [flags]");
    }

    @Override
    public void run(Call call) {
      show(call, onlyName(call, "role get command requires role name as its argument"));
    }

    static void show(Call call, String role) {
      ProtoWriter request = new ProtoWriter();
      request.string(1, role);
      call.show(call.askPatiently(Rpc.ROLE_GET, request), new Get(role));
    }

    @Override
    public void simple(Output out, Message answer) {
      out.line("Role " + role);
      List<Message> permissions = answer.messages(PERMISSIONS);
      boolean all = permissions.isEmpty() && role.equals(ROOT);
      out.line("KV Read:");
      print(out, permissions, READ, all);
      out.line("KV Write:");
      print(out, permissions, WRITE, all);
    }

    private static void print(Output out, List<Message> permissions, int kind, boolean all) {
      if (all) {
        out.line("\t[, <open ended>");
      }
      for (Message permission : permissions) {
        if (permission.number(1) == kind || permission.number(1) == READWRITE) {
          out.line("\t" + entry(permission.bytes(2), permission.bytes(3)));
        }
      }
    }

    private static String entry(Bytes key, Bytes end) {
      if (end.isEmpty()) {
        return key.utf8();
      }
      boolean prefix = !end.equals(KeySpan.ZERO) && KeySpan.prefixEnd(key).equals(end);
      return rangeText(key, end) + (prefix ? " (prefix " + key.utf8() + ")" : "");
    }

    @Override
    public void fields(Output out, Message answer) {
      out.header(answer);
      for (Message permission : answer.messages(PERMISSIONS)) {
        String kind =
            switch ((int) permission.number(1)) {
              case READ -> "READ";
              case WRITE -> "WRITE";
              default -> "READWRITE";
            };
        out.field("PermType", " " + kind);
        out.quoted("Key", permission.bytes(2));
        out.quoted("RangeEnd", permission.bytes(3));
      }
    }
  }

  static final class GrantPermission implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "grant-permission",
          "Grants a key to a role",
          "[options] <role name> <permission type> <key> [endkey] [flags]",
          FROM_KEY,
          PREFIX);
    }

    @Override
    public void run(Call call) {
      if (call.count() < 3) {
        throw call.badArguments(
            "role grant command requires role name, permission type, and key [endkey] as its"
                + " argument");
      }
      String role = call.argument(0);
      int kind =
          switch (call.argument(1).toLowerCase(Locale.ROOT)) {
            case "read" -> READ;
            case "write" -> WRITE;
            case "readwrite" -> READWRITE;
            default -> throw call.badArguments("invalid permission type: " + call.argument(1));
          };
      KeySpan span = span(call, 2);
      ProtoWriter request = new ProtoWriter();
      request.string(1, role);
      int permission = request.begin(2);
      request.enumeration(1, kind);
      request.bytes(2, span.key());
      request.bytes(3, span.end());
      request.end(permission);
      call.show(
          call.askPatiently(Rpc.ROLE_GRANT_PERMISSION, request),
          new FixedText("Role " + role + " updated", true));
    }
  }

  static final class RevokePermission implements Command {

    @Override
    public CommandSpec spec() {
      return new CommandSpec(
          "revoke-permission",
          "Revokes a key from a role",
          "<role name> <key> [endkey] [flags]",
          FROM_KEY,
          PREFIX);
    }

    @Override
    public void run(Call call) {
      if (call.count() < 2) {
        throw call.badArguments(
            "role revoke-permission command requires role name and key [endkey] as its argument");
      }
      String role = call.argument(0);
      KeySpan span = span(call, 1);
      ProtoWriter request = new ProtoWriter();
      request.string(1, role);
      request.bytes(2, span.key());
      request.bytes(3, span.end());
      Bytes named = Bytes.utf8(call.argument(1));
      String what =
          span.end().isEmpty() ? "key " + named.utf8() : "range " + rangeText(named, span.end());
      call.show(
          call.askPatiently(Rpc.ROLE_REVOKE_PERMISSION, request),
          new FixedText("Permission of " + what + " is revoked from role " + role, true));
    }
  }
}
