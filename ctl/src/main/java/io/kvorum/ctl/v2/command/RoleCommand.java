// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.Role;
import io.kvorum.ctl.v2.client.RolesApi;
import java.util.ArrayList;
import java.util.List;

/** The commands of {@code role}; texts as etcdctl 2.3.7 prints them. */
record RoleCommand(CommandSpec spec) implements Command {
  private static final String PATH = "path";
  private static final String READ = "read";
  private static final String WRITE = "write";
  private static final String READ_WRITE = "readwrite";

  static CommandGroup group() {
    return new CommandGroup(
        new CommandSpec("role", "role add, grant and revoke subcommands", ""),
        List.of(
            command("add", "add a new role for the etcd cluster", "<role> "),
            command("get", "get details for a role", "<role>"),
            command("list", "list all roles", CommandSpec.NO_ARGUMENTS),
            command("remove", "remove a role from the etcd cluster", "<role>"),
            command(
                "grant",
                "grant path matches to an etcd role",
                "<role>",
                Option.text("Path granted for the role to access", PATH),
                Option.flag("Grant read-only access", READ),
                Option.flag("Grant write-only access", WRITE),
                Option.flag("Grant read-write access", READ_WRITE)),
            command(
                "revoke",
                "revoke path matches for an etcd role",
                "<role>",
                Option.text("Path revoked for the role to access", PATH),
                Option.flag("Revoke read access", READ),
                Option.flag("Revoke write access", WRITE),
                Option.flag("Revoke read-write access", READ_WRITE))));
  }

  private static Command command(
      String name, String usage, String argumentsUsage, Option... options) {
    return new RoleCommand(new CommandSpec(name, usage, argumentsUsage, options));
  }

  @Override
  public void run(Invocation call) {
    try {
      switch (spec.name()) {
        case "list" -> list(call);
        case "grant", "revoke" -> change(call);
        default -> one(call);
      }
    } catch (ApiFailure e) {
      throw call.failed(e.getMessage());
    }
  }

  private static void list(Invocation call) {
    if (!call.arguments().isEmpty()) {
      throw call.failed("No arguments accepted");
    }
    ClusterClient cluster = call.cluster();
    for (String role : new RolesApi(cluster).list(cluster.callDeadline())) {
      call.console().line(role);
    }
  }

  private static String name(Invocation call) {
    if (call.arguments().size() != 1) {
      throw call.failed("Please provide a role name");
    }
    return call.arguments().get(0);
  }

  private void one(Invocation call) {
    String name = name(call);
    ClusterClient cluster = call.cluster();
    RolesApi roles = new RolesApi(cluster);
    Deadline deadline = cluster.callDeadline();
    switch (spec.name()) {
      case "add" -> add(call, roles, name, deadline);
      case "get" -> show(call.console(), roles.get(name, deadline));
      default -> {
        roles.remove(name, deadline);
        call.console().line("Role " + name + " removed");
      }
    }
  }

  private static void add(Invocation call, RolesApi roles, String name, Deadline deadline) {
    if (exists(roles, name, deadline)) {
      throw call.failed("Role " + name + " already exists");
    }
    roles.add(name, deadline);
    call.console().line("Role " + name + " created");
  }

  /** One that cannot be shown counts as not there; the server has the last word. */
  private static boolean exists(RolesApi roles, String name, Deadline deadline) {
    try {
      Role unused = roles.get(name, deadline);
      return true;
    } catch (ApiFailure e) {
      return false;
    }
  }

  private static void show(Console console, Role role) {
    console.line("Role: " + role.name());
    console.line("KV Read:");
    for (String pattern : role.read()) {
      console.line("\t" + pattern);
    }
    console.line("KV Write:");
    for (String pattern : role.write()) {
      console.line("\t" + pattern);
    }
  }

  private void change(Invocation call) {
    String path = call.local().text(option(PATH));
    if (path.isEmpty()) {
      throw call.failed("No path specified; please use `-path`");
    }
    String canonical = canonical(path);
    if (!canonical.equals(path)) {
      throw call.failed("Not canonical path; please use `-path=" + canonical + "`");
    }
    boolean read = call.isSet(option(READ));
    boolean write = call.isSet(option(WRITE));
    boolean both = call.isSet(option(READ_WRITE));
    if ((read ? 1 : 0) + (write ? 1 : 0) + (both ? 1 : 0) != 1) {
      throw call.failed("Please specify exactly one of -read, -write or -readwrite");
    }
    String name = name(call);
    ClusterClient cluster = call.cluster();
    RolesApi roles = new RolesApi(cluster);
    Deadline deadline = cluster.callDeadline();
    Role before = roles.get(name, deadline);
    Role after = roles.change(name, spec.name(), path, read || both, write || both, deadline);
    if (after.equals(before)) {
      String done = spec.name().equals("grant") ? "granted" : "revoked";
      call.console().print("Role unchanged; already " + done);
    }
    call.console().line("Role " + name + " updated");
  }

  private Option option(String name) {
    for (Option option : spec.options()) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    throw new IllegalStateException("no option " + name);
  }

  /** Absolute, without empty, {@code .} or {@code ..} parts; a slash at the end stays. */
  static String canonical(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : Texts.split(path, "/")) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.remove(parts.size() - 1);
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    String clean = "/" + String.join("/", parts);
    return path.endsWith("/") && !parts.isEmpty() ? clean + "/" : clean;
  }
}
