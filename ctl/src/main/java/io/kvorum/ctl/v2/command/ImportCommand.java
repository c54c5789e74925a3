// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.ExitCode;
import io.kvorum.ctl.v2.client.KeysApi;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.offline.OfflineFailure;
import io.kvorum.server.offline.OldSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code import}: writes the keys of an etcd 0.4 store into a cluster. */
final class ImportCommand implements Command {

  private static final Option SNAP = Option.text("Path to the valid etcd 0.4.x snapshot.", "snap");
  private static final Option HIDDEN =
      Option.list("Hidden key spaces to import from snapshot", "hidden");
  private static final Option CLIENTS =
      Option.number("10", "Number of concurrent clients to import the data", "c");

  /** More would only wait for each other. */
  private static final long CLIENTS_MAX = 1000;

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "import",
        "import a snapshot to a cluster",
        CommandSpec.NO_ARGUMENTS,
        SNAP,
        HIDDEN,
        CLIENTS);
  }

  @Override
  public void run(Invocation call) {
    String file = call.local().text(SNAP);
    OldSnapshot snapshot = read(call, file);
    long count = Math.clamp(call.local().number(CLIENTS), 1, CLIENTS_MAX);
    call.console().line("starting to import snapshot " + file + " with " + count + " clients");
    List<KeysApi> clients = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      clients.add(call.keys());
    }
    List<NodeView> keys = keys(call, snapshot);
    new KeyImport(call.console(), clients).run(keys);
    call.console().line("finished importing " + keys.size() + " keys");
  }

  private static OldSnapshot read(Invocation call, String file) {
    if (file.isEmpty()) {
      throw refused(call, "no snapshot file provided (use --snap)");
    }
    try (InputStream source = Files.newInputStream(Path.of(file))) {
      return OldSnapshot.read(source);
    } catch (IOException unreadable) {
      throw refused(call, "cannot read snapshot file " + file);
    } catch (OfflineFailure malformed) {
      throw refused(call, "cannot recover the snapshot file: " + malformed.getMessage());
    }
  }

  private static CommandExit refused(Invocation call, String text) {
    call.console().line(text);
    return new CommandExit(ExitCode.BAD_ARGUMENTS);
  }

  /** All files that are not hidden, then those below the hidden directories asked for. */
  private static List<NodeView> keys(Invocation call, OldSnapshot snapshot) {
    List<String> roots = new ArrayList<>(List.of("/"));
    roots.addAll(call.local().given().getOrDefault(HIDDEN.name(), List.of()));
    List<NodeView> keys = new ArrayList<>();
    try {
      roots.forEach(root -> collect(call, snapshot.node(root), keys));
    } catch (OfflineFailure missing) {
      call.console().errorLine("Error:  " + missing.getMessage());
      throw new CommandExit(ExitCode.SERVER_ERROR);
    }
    return keys;
  }

  private static void collect(Invocation call, NodeView node, List<NodeView> keys) {
    if (!node.directory()) {
      keys.add(node);
      return;
    }
    call.console().errorLine(LogLine.of("entering dir: " + node.key().utf8()));
    node.children().forEach(child -> collect(call, child, keys));
  }
}
