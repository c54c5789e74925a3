// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.terminal.Interrupts;
import io.kvorum.ctl.v3.client.LeaseSession;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.client.TurnQueue;
import io.kvorum.ctl.v3.client.WatchOrder;
import io.kvorum.ctl.v3.client.WatchStream;
import io.kvorum.ctl.v3.output.KeyValue;
import io.kvorum.ctl.v3.wire.Message;
import java.util.List;

/** {@code elect}: stands for election until interrupted, or observes who leads. */
final class ElectCommand implements Command {

  private static final Option LISTEN = Option.flag("observation mode", "listen", "l");
  private static final long TTL_SECONDS = 60;
  private static final int KVS = 2;
  private static final int REVISION = 3;

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "elect",
        "Observes and participates in leader election",
        "<election-name> [proposal] [flags]",
        LISTEN);
  }

  @Override
  public void run(Call call) {
    if (call.count() != 1 && call.count() != 2) {
      throw call.badArguments(
          "elect takes one election name argument and an optional proposal argument");
    }
    boolean listen = call.isSet(LISTEN);
    if (call.count() == 1 && !listen) {
      throw call.badArguments("no proposal argument but -l not set");
    }
    if (call.count() == 2 && listen) {
      throw call.badArguments("proposal given but -l is set");
    }
    if (listen) {
      observe(call);
    } else {
      campaign(call);
    }
  }

  private static void campaign(Call call) {
    LeaseSession session = LeaseSession.open(call.client(), TTL_SECONDS);
    TurnQueue queue = new TurnQueue(call.client(), session, Bytes.utf8(call.argument(0)));
    Interrupts.afterwards(
        () -> {
          queue.leave();
          session.close();
        });
    queue.enter(Bytes.utf8(call.argument(1)));
    if (!queue.awaitFirst()) {
      throw call.fail(ExitStatus.ERROR, "elect: session expired");
    }
    call.show(queue.own(), new GetCommand());
    call.console().flush();
    try {
      session.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw call.fail(ExitStatus.ERROR, "elect: session expired");
  }

  /** Prints the leader whenever it, or what it proclaims, has changed. */
  private static void observe(Call call) {
    Interrupts.afterwards(() -> {});
    KeySpan span = KeySpan.prefix(Bytes.utf8(call.argument(0) + "/"));
    long shown = 0;
    WatchStream stream = new WatchStream(call.client());
    Message leader = leader(call, span);
    stream.add(
        new WatchOrder(
            span.key(), span.end(), leader.header().number(REVISION) + 1, false, false, true));
    for (; ; ) {
      List<Message> pairs = leader.messages(KVS);
      if (!pairs.isEmpty() && pairs.get(0).number(KeyValue.MOD_REVISION) != shown) {
        shown = pairs.get(0).number(KeyValue.MOD_REVISION);
        call.show(leader, new GetCommand());
        call.console().flush();
      }
      WatchStream.Delivery delivery = stream.next();
      while (!delivery.canceled() && delivery.events().isEmpty()) {
        delivery = stream.next();
      }
      if (delivery.canceled()) {
        throw call.fail(ExitStatus.ERROR, "observer lost");
      }
      leader = leader(call, span);
    }
  }

  private static Message leader(Call call, KeySpan span) {
    ProtoWriter range = new ProtoWriter();
    range.bytes(1, span.key());
    range.bytes(2, span.end());
    range.uint64(3, 1);
    range.enumeration(5, 1);
    range.enumeration(6, 2);
    return call.ask(Rpc.RANGE, range);
  }
}
