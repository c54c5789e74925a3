// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.terminal.ChildProgram;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Interrupts;
import io.kvorum.ctl.v3.client.LeaseSession;
import io.kvorum.ctl.v3.client.TurnQueue;
import io.kvorum.ctl.v3.wire.Message;
import java.util.List;
import java.util.Map;

/** {@code lock}: holds a named lock until interrupted, or while a program runs. */
final class LockCommand implements Command {

  private static final Option TTL = Option.number("10", "timeout for session", "ttl");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "lock", "Acquires a named lock", "<lockname> [exec-command arg1 arg2 ...] [flags]", TTL);
  }

  @Override
  public void run(Call call) {
    if (call.count() == 0) {
      throw call.badArguments("lock takes a lock name argument and an optional command to execute");
    }
    LeaseSession session = LeaseSession.open(call.client(), call.flags().number(TTL));
    TurnQueue queue = new TurnQueue(call.client(), session, Bytes.utf8(call.argument(0)));
    Interrupts.afterwards(
        () -> {
          queue.leave();
          session.close();
        });
    try {
      queue.enter(Bytes.EMPTY);
      if (!queue.awaitFirst()) {
        throw call.fail(ExitStatus.ERROR, "session expired");
      }
      if (call.count() > 1) {
        program(call, queue, call.arguments().subList(1, call.count()));
      } else {
        Message own = queue.own();
        call.show(own, new GetCommand());
        call.console().flush();
        session.awaitEnd();
        throw call.fail(ExitStatus.ERROR, "session expired");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      queue.leave();
      session.close();
    }
  }

  private static void program(Call call, TurnQueue queue, List<String> program) {
    try {
      int status =
          RunProgram.status(
              call.console(),
              program,
              Map.of(
                  "ETCD_LOCK_KEY", queue.key().utf8(),
                  "ETCD_LOCK_REV", Long.toString(queue.headerRevision())));
      if (status != 0) {
        call.console().errorLine("Error: " + RunProgram.text(status));
        throw new CommandExit(status);
      }
    } catch (ChildProgram.NotStarted e) {
      throw call.fail(ExitStatus.ERROR, String.valueOf(e.getMessage()));
    }
  }
}
