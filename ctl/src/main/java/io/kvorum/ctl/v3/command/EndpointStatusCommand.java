// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Quantities;
import io.kvorum.ctl.v3.output.Table;
import io.kvorum.ctl.v3.wire.Message;
import java.util.List;

/** {@code endpoint status}: what each member says about itself. */
final class EndpointStatusCommand extends EndpointAnswers {

  private static final int VERSION = 2;
  private static final int DB_SIZE = 3;
  static final int LEADER = 4;
  private static final int RAFT_INDEX = 5;
  private static final int RAFT_TERM = 6;
  private static final int APPLIED_INDEX = 7;
  private static final int ERRORS = 8;
  private static final int DB_IN_USE = 9;
  private static final int LEARNER = 10;
  private static final int STORAGE_VERSION = 11;
  private static final int QUOTA = 12;
  private static final int DOWNGRADE = 13;
  static final int HEADER_MEMBER = 2;

  EndpointStatusCommand() {
    super("status", "Status", false);
  }

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "status",
        "Prints out the status of endpoints specified in `--endpoints` flag",
        "[flags]",
        Endpoints.CLUSTER);
  }

  @Override
  public void run(Call call) {
    ask(call, Rpc.STATUS, new ProtoWriter());
  }

  @Override
  List<String> row(Answer answer) {
    Message status = answer.message();
    long size = status.number(DB_SIZE);
    long inUse = status.number(DB_IN_USE);
    long member = status.header().number(HEADER_MEMBER);
    Message downgrade = status.message(DOWNGRADE);
    return List.of(
        answer.endpoint(),
        Long.toHexString(member),
        status.text(VERSION),
        status.text(STORAGE_VERSION),
        Quantities.bytes(size),
        Quantities.bytes(inUse),
        (size == 0 ? 0 : (size - inUse) * 100 / size) + "%",
        Quantities.bytes(status.number(QUOTA)),
        flag(status.number(LEADER) == member),
        flag(status.flag(LEARNER)),
        Long.toUnsignedString(status.number(RAFT_TERM)),
        Long.toUnsignedString(status.number(RAFT_INDEX)),
        Long.toUnsignedString(status.number(APPLIED_INDEX)),
        String.join(", ", status.texts(ERRORS)),
        downgrade.text(2),
        flag(downgrade.flag(1)));
  }

  private static String flag(boolean value) {
    return value ? "true" : "false";
  }

  @Override
  Table table() {
    return new Table(
        "ENDPOINT",
        "ID",
        "VERSION",
        "STORAGE VERSION",
        "DB SIZE",
        "IN USE",
        "PERCENTAGE NOT IN USE",
        "QUOTA",
        "IS LEADER",
        "IS LEARNER",
        "RAFT TERM",
        "RAFT INDEX",
        "RAFT APPLIED INDEX",
        "ERRORS",
        "DOWNGRADE TARGET VERSION",
        "DOWNGRADE ENABLED");
  }

  @Override
  void fields(Output out, Answer answer) {
    Message status = answer.message();
    out.header(status);
    out.quoted("Version", status.text(VERSION));
    out.quoted("StorageVersion", status.text(STORAGE_VERSION));
    out.number("DBSize", status.number(DB_SIZE));
    out.number("DBSizeInUse", status.number(DB_IN_USE));
    out.number("DBSizeQuota", status.number(QUOTA));
    out.unsigned("Leader", status.number(LEADER));
    out.flag("IsLearner", status.flag(LEARNER));
    out.unsigned("RaftIndex", status.number(RAFT_INDEX));
    out.unsigned("RaftTerm", status.number(RAFT_TERM));
    out.unsigned("RaftAppliedIndex", status.number(APPLIED_INDEX));
    out.field("Errors", "[" + String.join(" ", status.texts(ERRORS)) + "]");
    out.quoted("Endpoint", answer.endpoint());
    out.quoted("DowngradeTargetVersion", status.message(DOWNGRADE).text(2));
    out.flag("DowngradeEnabled", status.message(DOWNGRADE).flag(1));
  }
}
