// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.v3.client.EtcdClient;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.client.WatchOrder;
import io.kvorum.ctl.v3.client.WatchStream;
import io.kvorum.ctl.v3.output.KeyValue;
import io.kvorum.ctl.v3.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code make-mirror}: copies the keys of a prefix to another cluster as they are at one revision,
 * then whatever happens to them, a revision at a time.
 */
final class MakeMirrorCommand implements Command {

  private static final Option CACERT =
      Option.text("Verify certificates of TLS enabled secure servers", "dest-cacert");
  private static final Option CERT =
      Option.text("Identify secure client using this TLS certificate file", "dest-cert");
  private static final Option INSECURE =
      new Option(
          Option.Kind.FLAG,
          List.of("dest-insecure-transport"),
          "true",
          "Disable transport security for client connections");
  private static final Option KEY =
      Option.text("Identify secure client using this TLS key file", "dest-key");
  private static final Option PASSWORD =
      Option.text("Destination password for authentication", "dest-password");
  private static final Option DEST_PREFIX =
      Option.text("destination prefix to mirror a prefix to a different prefix", "dest-prefix");
  private static final Option USER =
      Option.text("Destination username[:password] for authentication", "dest-user");
  private static final Option OPS_MAX =
      Option.number("128", "Maximum number of operations in a transaction", "max-txn-ops");
  private static final Option NO_DEST_PREFIX =
      Option.flag("mirror key-values to the root of the destination cluster", "no-dest-prefix");
  private static final Option PREFIX = Option.text("Key-value prefix to mirror", "prefix");
  private static final Option REVISION =
      Option.number("0", "Specify the kv revision to start to mirror", "rev");

  private static final int KVS = 2;
  private static final int MORE = 3;
  private static final int PAGE = 1000;
  private static final long TELL_MILLIS = 30_000;

  private final AtomicLong copied = new AtomicLong();
  private Bytes from = Bytes.EMPTY;
  private Bytes to = Bytes.EMPTY;
  private long operationsMax;

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "make-mirror",
        "Makes a mirror at the destination etcd cluster",
        "[options] <destination> [flags]",
        CACERT,
        CERT,
        INSECURE,
        KEY,
        PASSWORD,
        DEST_PREFIX,
        USER,
        OPS_MAX,
        NO_DEST_PREFIX,
        PREFIX,
        REVISION);
  }

  @Override
  public void run(Call call) {
    if (call.count() != 1) {
      throw call.badArguments("make-mirror takes one destination argument");
    }
    for (Option option : List.of(CACERT, CERT, KEY)) {
      if (call.flags().has(option)) {
        throw call.badArguments("--" + option.name() + " is not supported yet");
      }
    }
    from = Bytes.utf8(call.flags().text(PREFIX));
    String other = call.flags().text(DEST_PREFIX);
    if (!other.isEmpty() && call.isSet(NO_DEST_PREFIX)) {
      throw call.badArguments(
          "`--dest-prefix` and `--no-dest-prefix` cannot be set at the same time, choose one");
    }
    to = call.isSet(NO_DEST_PREFIX) ? Bytes.EMPTY : other.isEmpty() ? from : Bytes.utf8(other);
    operationsMax = Math.max(1, call.flags().number(OPS_MAX));
    EtcdClient source = call.client();
    EtcdClient destination =
        call.connecting()
            .client(
                call.connecting().endpoints(call.argument(0)),
                call.flags().text(USER),
                call.flags().text(PASSWORD),
                "");
    tellNowAndThen(call);
    long revision = call.flags().number(REVISION);
    long next = revision > 0 ? revision : copy(source, destination) + 1;
    follow(call, source, destination, next);
  }

  private void tellNowAndThen(Call call) {
    Thread teller =
        new Thread(
            () -> {
              while (true) {
                try {
                  Thread.sleep(TELL_MILLIS);
                } catch (InterruptedException e) {
                  return;
                }
                call.console().line(Long.toString(copied.get()));
                call.console().flush();
              }
            },
            "count");
    teller.setDaemon(true);
    teller.start();
  }

  private KeySpan span() {
    return KeySpan.prefix(from);
  }

  /** Copies what there is; returns the revision at which all of it was read. */
  private long copy(EtcdClient source, EtcdClient destination) {
    Bytes start = span().key();
    long revision = 0;
    while (true) {
      ProtoWriter range = new ProtoWriter();
      range.bytes(1, start);
      range.bytes(2, span().end());
      range.uint64(3, PAGE);
      range.uint64(4, revision);
      Message page = source.call(Rpc.RANGE, range, Deadline.NEVER);
      revision = revision == 0 ? page.header().number(3) : revision;
      List<Message> pairs = page.messages(KVS);
      for (Message pair : pairs) {
        destination.call(Rpc.PUT, put(pair), Deadline.NEVER);
        copied.incrementAndGet();
      }
      if (!page.flag(MORE) || pairs.isEmpty()) {
        return revision;
      }
      start = pairs.get(pairs.size() - 1).bytes(KeyValue.KEY).concat(KeySpan.ZERO);
    }
  }

  private void follow(Call call, EtcdClient source, EtcdClient destination, long revision) {
    WatchStream stream = new WatchStream(source);
    KeySpan span = span();
    stream.add(new WatchOrder(span.key(), span.end(), revision, false, false, true));
    while (true) {
      WatchStream.Delivery delivery = stream.next();
      if (delivery.canceled()) {
        String reason =
            delivery.compactRevision() == 0
                ? "the watch was canceled"
                : "etcdserver: mvcc: required revision has been compacted";
        throw call.fail(ExitStatus.ERROR, reason);
      }
      List<Message> batch = new ArrayList<>();
      long at = 0;
      for (Message event : delivery.events()) {
        long modified = event.message(2).number(KeyValue.MOD_REVISION);
        if (!batch.isEmpty() && (modified != at || batch.size() >= operationsMax)) {
          write(destination, batch);
        }
        at = modified;
        batch.add(event);
      }
      write(destination, batch);
    }
  }

  private void write(EtcdClient destination, List<Message> events) {
    if (events.isEmpty()) {
      return;
    }
    ProtoWriter txn = new ProtoWriter();
    for (Message event : events) {
      boolean isPut = event.number(1) == 0;
      int operation = txn.begin(2);
      int request = txn.begin(isPut ? 2 : 3);
      txn.put(isPut ? put(event.message(2)).toBytes() : delete(event.message(2)));
      txn.end(request);
      txn.end(operation);
      copied.addAndGet(isPut ? 1 : 0);
    }
    destination.call(Rpc.TXN, txn, Deadline.NEVER);
    events.clear();
  }

  private ProtoWriter put(Message pair) {
    ProtoWriter request = new ProtoWriter();
    request.bytes(1, translated(pair));
    request.bytes(2, pair.bytes(KeyValue.VALUE));
    return request;
  }

  private Bytes delete(Message pair) {
    ProtoWriter request = new ProtoWriter();
    request.bytes(1, translated(pair));
    return request.toBytes();
  }

  private Bytes translated(Message pair) {
    Bytes key = pair.bytes(KeyValue.KEY);
    return to.concat(key.slice(from.length(), key.length()));
  }
}
