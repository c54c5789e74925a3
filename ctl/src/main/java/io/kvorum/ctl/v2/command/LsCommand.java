// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v2.client.KeyNode;
import io.kvorum.ctl.v2.client.KeysApi;

/** {@code ls}: the keys of a directory, each directory before what is in it. */
final class LsCommand implements Command {

  private static final Option SORT = Option.flag("returns result in sorted order", "sort");
  private static final Option RECURSIVE =
      Option.flag("returns all key names recursively for the given path", "recursive");
  private static final Option SLASH = Option.flag("append slash (/) to directories", "p");
  private static final Option QUORUM = Option.flag("require quorum for get request", "quorum");

  @Override
  public CommandSpec spec() {
    return new CommandSpec("ls", "retrieve a directory", "[key]", SORT, RECURSIVE, SLASH, QUORUM);
  }

  @Override
  public void run(Invocation call) {
    KeysApi keys = call.keys();
    String key = call.arguments().isEmpty() ? "/" : call.arguments().get(0);
    KeyNode node =
        keys.get(key, call.isSet(QUORUM), call.isSet(RECURSIVE), call.isSet(SORT)).node();
    if (!node.dir()) {
      call.console().line(node.key());
    }
    printChildren(call, node, call.isSet(SLASH));
  }

  private static void printChildren(Invocation call, KeyNode directory, boolean slash) {
    for (KeyNode child : directory.children()) {
      call.console().line(child.dir() && slash ? child.key() + "/" : child.key());
      printChildren(call, child, slash);
    }
  }
}
