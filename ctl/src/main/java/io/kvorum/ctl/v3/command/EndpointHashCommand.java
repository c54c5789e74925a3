// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.cli.Option;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Table;
import java.util.List;

/** {@code endpoint hashkv}: the hash of each member's history. */
final class EndpointHashCommand extends EndpointAnswers {

  private static final Option REVISION =
      Option.number("0", "maximum revision to hash (default: latest revision)", "rev");
  private static final int HASH = 2;
  private static final int HASH_REVISION = 4;

  EndpointHashCommand() {
    super("hash", "HashKV", true);
  }

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "hashkv",
        "Prints the KV history hash for each endpoint in --endpoints",
        "[flags]",
        Endpoints.CLUSTER,
        REVISION);
  }

  @Override
  public void run(Call call) {
    ProtoWriter request = new ProtoWriter();
    request.uint64(1, call.flags().number(REVISION));
    ask(call, Rpc.HASH_KV, request);
  }

  @Override
  List<String> row(Answer answer) {
    return List.of(
        answer.endpoint(),
        Long.toString(answer.message().number(HASH)),
        Long.toString(answer.message().number(HASH_REVISION)));
  }

  @Override
  Table table() {
    return new Table("ENDPOINT", "HASH", "HASH REVISION");
  }

  @Override
  void fields(Output out, Answer answer) {
    out.header(answer.message());
    out.quoted("Endpoint", answer.endpoint());
    out.number("Hash", answer.message().number(HASH));
    out.number("HashRevision", answer.message().number(HASH_REVISION));
  }
}
