// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v3.client.Rpc;

/** {@code compaction}: forgets the history below a revision. */
final class CompactionCommand implements Command {

  private static final Option PHYSICAL =
      Option.flag(
          "'true' to wait for compaction to physically remove all old revisions", "physical");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "compaction",
        "Compacts the event history in etcd",
        "[options] <revision> [flags]",
        PHYSICAL);
  }

  @Override
  public void run(Call call) {
    if (call.count() != 1) {
      throw call.badArguments("compaction command needs 1 argument");
    }
    ProtoWriter request = new ProtoWriter();
    try {
      request.uint64(1, Numbers.signed(call.argument(0), 10));
    } catch (Numbers.Mistake e) {
      throw call.fail(ExitStatus.ERROR, String.valueOf(e.getMessage()));
    }
    request.bool(2, call.isSet(PHYSICAL));
    // Removing may take long; waiting for it is what was asked for.
    if (call.isSet(PHYSICAL)) {
      call.askPatiently(Rpc.COMPACT, request);
    } else {
      call.ask(Rpc.COMPACT, request);
    }
    call.output().line("compacted revision " + call.argument(0));
  }
}
