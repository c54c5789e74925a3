// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.GoJson;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Table;
import io.kvorum.server.offline.OfflineFailure;
import io.kvorum.server.offline.SnapshotHash;
import java.nio.file.Path;
import java.util.List;

/** {@code etcdutl hashkv}: the hash of the history in a database file. */
final class SnapshotHashCommand implements Command {

  private static final Option REVISION =
      Option.number("0", "maximum revision to hash (default: latest revision)", "rev");

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "hashkv", "Prints the KV history hash of a given file", "<filename> [flags]", REVISION);
  }

  @Override
  public void run(Call call) {
    if (call.count() != 1) {
      throw call.badArguments("hashkv requires exactly one argument");
    }
    try {
      print(
          call.output(),
          SnapshotHash.read(Path.of(call.argument(0)), call.flags().number(REVISION)));
    } catch (OfflineFailure failure) {
      throw call.fail(ExitStatus.ERROR, String.valueOf(failure.getMessage()));
    }
  }

  private static void print(Output out, SnapshotHash found) {
    long hash = Integer.toUnsignedLong(found.hash());
    List<String> row =
        List.of(
            Long.toString(hash),
            Long.toString(found.hashRevision()),
            Long.toString(found.compactRevision()));
    switch (out.format()) {
      case SIMPLE -> out.line(String.join(", ", row));
      case JSON -> {
        GoJson json = new GoJson();
        json.beginObject().name("hash").value(hash);
        json.name("hashRevision").value(found.hashRevision());
        json.name("compactRevision").value(found.compactRevision()).endObject();
        out.json(json);
      }
      case FIELDS -> {
        out.number("Hash", hash);
        out.number("Hash revision", found.hashRevision());
        out.number("Compact revision", found.compactRevision());
      }
      case TABLE -> {
        Table table = new Table("HASH", "HASH REVISION", "COMPACT REVISION");
        table.row(row);
        table.print(out);
      }
      case PROTOBUF -> throw out.unsupported();
    }
  }
}
