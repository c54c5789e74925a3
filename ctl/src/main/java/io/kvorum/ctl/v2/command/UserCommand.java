// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.PasswordPrompt;
import io.kvorum.ctl.v2.client.ApiFailure;
import io.kvorum.ctl.v2.client.ClusterClient;
import io.kvorum.ctl.v2.client.UsersApi;
import java.util.List;

/** The commands of {@code user}; texts as etcdctl 2.3.7 prints them. */
record UserCommand(CommandSpec spec) implements Command {
  private static final Option ROLES = Option.list("List of roles to grant or revoke", "roles");

  static CommandGroup group() {
    return new CommandGroup(
        new CommandSpec("user", "user add, grant and revoke subcommands", ""),
        List.of(
            command("add", "add a new user for the etcd cluster"),
            command("get", "get details for a user"),
            command("list", "list all current users"),
            command("remove", "remove a user for the etcd cluster"),
            command("grant", "grant roles to an etcd user", ROLES),
            command("revoke", "revoke roles for an etcd user", ROLES),
            command("passwd", "change password for a user")));
  }

  private static Command command(String name, String usage, Option... options) {
    return new UserCommand(new CommandSpec(name, usage, "<user>", options));
  }

  @Override
  public void run(Invocation call) {
    try {
      if (spec.name().equals("list")) {
        list(call);
      } else {
        one(call);
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
    for (String user : new UsersApi(cluster).list(cluster.callDeadline())) {
      call.console().line(user);
    }
  }

  private void one(Invocation call) {
    boolean changesRoles = spec.name().equals("grant") || spec.name().equals("revoke");
    List<String> roles = call.local().given().getOrDefault(ROLES.name(), List.of());
    if (changesRoles && roles.isEmpty()) {
      throw call.failed("No roles specified; please use `-roles`");
    }
    if (call.arguments().size() != 1) {
      throw call.failed("Please provide a username");
    }
    String user = call.arguments().get(0);
    ClusterClient cluster = call.cluster();
    UsersApi users = new UsersApi(cluster);
    Deadline deadline = cluster.callDeadline();
    switch (spec.name()) {
      case "add" -> add(call, users, user, deadline);
      case "get" -> show(call.console(), user, users.roles(user, deadline));
      case "remove" -> {
        users.remove(user, deadline);
        call.console().line("User " + user + " removed");
      }
      case "passwd" -> changePassword(call, cluster, user, deadline);
      default -> changeRoles(call, users, user, roles, deadline);
    }
  }

  /** Two spaces before the first role, and one more for each other: a quirk of 2.3.7. */
  private static void show(Console console, String user, List<String> roles) {
    console.line("User: " + user);
    console.line("Roles: " + " ".repeat(roles.size()) + String.join(" ", roles));
  }

  private static void add(Invocation call, UsersApi users, String given, Deadline deadline) {
    int colon = given.indexOf(':');
    String user = colon < 0 ? given : given.substring(0, colon);
    if (exists(users, user, deadline)) {
      throw call.failed("User " + user + " already exists");
    }
    String password =
        colon < 0
            ? PasswordPrompt.ask(call.console(), "New password: ")
            : given.substring(colon + 1);
    users.setPassword(user, password, deadline);
    call.console().line("User " + user + " created");
  }

  /** One that cannot be shown counts as not there; the server has the last word. */
  private static boolean exists(UsersApi users, String user, Deadline deadline) {
    try {
      List<String> unused = users.roles(user, deadline);
      return true;
    } catch (ApiFailure e) {
      return false;
    }
  }

  /** The time to type does not count against the second request's. */
  private static void changePassword(
      Invocation call, ClusterClient cluster, String user, Deadline deadline) {
    UsersApi users = new UsersApi(cluster);
    List<String> unused = users.roles(user, deadline);
    String password = PasswordPrompt.ask(call.console(), "New password: ");
    users.setPassword(user, password, cluster.callDeadline());
    call.console().line("Password updated");
  }

  private void changeRoles(
      Invocation call, UsersApi users, String user, List<String> roles, Deadline deadline) {
    List<String> unused = users.roles(user, deadline);
    if (spec.name().equals("grant")) {
      users.grant(user, roles, deadline);
    } else {
      users.revoke(user, roles, deadline);
    }
    call.console().line("User " + user + " updated");
  }
}
