// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.GoJson;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Quantities;
import io.kvorum.ctl.v3.output.Table;
import io.kvorum.server.offline.OfflineFailure;
import io.kvorum.server.offline.SnapshotStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code snapshot status}: what a backup holds. etcdctl, which has it up to 3.5, counts all
 * records; etcdutl counts the keys that live.
 */
final class SnapshotStatusCommand implements Command {

  private final boolean livingKeys;

  SnapshotStatusCommand(boolean livingKeys) {
    this.livingKeys = livingKeys;
  }

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "status", "Gets backend snapshot status of a given file", "<filename> [flags]");
  }

  @Override
  public void run(Call call) {
    if (call.count() != 1) {
      throw call.badArguments("snapshot status requires exactly one argument");
    }
    Output out = call.output();
    try {
      print(out, SnapshotStatus.read(Path.of(call.argument(0))));
    } catch (OfflineFailure failure) {
      throw call.fail(ExitStatus.ERROR, String.valueOf(failure.getMessage()));
    }
  }

  private void print(Output out, SnapshotStatus status) {
    long keys = livingKeys ? status.keys() : status.records();
    long hash = Integer.toUnsignedLong(status.hash());
    boolean versioned = !status.storageVersion().isEmpty();
    List<String> row =
        new ArrayList<>(
            List.of(
                Long.toHexString(hash),
                Long.toString(status.revision()),
                Long.toString(keys),
                Quantities.bytes(status.bytes())));
    if (versioned) {
      row.add(status.storageVersion());
    }
    switch (out.format()) {
      case SIMPLE -> out.line(String.join(", ", row));
      case JSON -> {
        GoJson json = new GoJson();
        json.beginObject().name("hash").value(hash).name("revision").value(status.revision());
        json.name("totalKey").value(keys).name("totalSize").value(status.bytes());
        if (versioned) {
          json.name("version").value(status.storageVersion());
        }
        json.endObject();
        out.json(json);
      }
      case FIELDS -> {
        out.number("Hash", hash);
        out.number("Revision", status.revision());
        out.number("Keys", keys);
        out.number("Size", status.bytes());
        if (versioned) {
          out.quoted("Version", status.storageVersion());
        }
      }
      case TABLE -> {
        Table table =
            versioned
                ? new Table("HASH", "REVISION", "TOTAL KEYS", "TOTAL SIZE", "STORAGE VERSION")
                : new Table("HASH", "REVISION", "TOTAL KEYS", "TOTAL SIZE");
        table.row(row);
        table.print(out);
      }
      case PROTOBUF -> throw out.unsupported();
    }
  }
}
