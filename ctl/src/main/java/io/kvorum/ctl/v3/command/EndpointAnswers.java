// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.GoJson;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.v3.client.Endpoint;
import io.kvorum.ctl.v3.client.EtcdClient;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Table;
import io.kvorum.ctl.v3.wire.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks the endpoints the same question one after the other and prints the answers together; one
 * that fails is told, and the others are still asked.
 */
abstract class EndpointAnswers implements Command {

  /** What one endpoint answered. */
  record Answer(String endpoint, Message message) {}

  private final String what;
  private final String jsonName;
  private final boolean tellsTwice;

  /**
   * @param what what failed when a question failed
   * @param jsonName the answer's name in JSON
   * @param tellsTwice whether the last failure is told once more in the end
   */
  EndpointAnswers(String what, String jsonName, boolean tellsTwice) {
    this.what = what;
    this.tellsTwice = tellsTwice;
    this.jsonName = jsonName;
  }

  abstract List<String> row(Answer answer);

  abstract Table table();

  abstract void fields(Output out, Answer answer);

  void ask(Call call, Rpc rpc, ProtoWriter request) {
    List<Answer> answers = new ArrayList<>();
    String failure = "";
    for (Endpoint endpoint : Endpoints.of(call)) {
      try (EtcdClient client = call.client().only(endpoint)) {
        answers.add(new Answer(endpoint.text(), client.call(rpc, request)));
      } catch (RpcFailure e) {
        failure = String.valueOf(e.getMessage());
        call.console()
            .errorLine(
                "Failed to get the "
                    + what
                    + " of endpoint "
                    + endpoint.text()
                    + " ("
                    + failure
                    + ")");
      }
    }
    print(call.output(), answers);
    if (!failure.isEmpty()) {
      throw tellsTwice ? call.fail(ExitStatus.ERROR, failure) : new CommandExit(ExitStatus.ERROR);
    }
  }

  private void print(Output out, List<Answer> answers) {
    switch (out.format()) {
      case SIMPLE -> {
        for (Answer answer : answers) {
          out.line(String.join(", ", row(answer)));
        }
      }
      case FIELDS -> {
        for (Answer answer : answers) {
          fields(out, answer);
          out.line("");
        }
      }
      case TABLE -> {
        Table table = table();
        for (Answer answer : answers) {
          table.row(row(answer));
        }
        table.print(out);
      }
      case JSON -> {
        GoJson json = new GoJson();
        json.beginArray();
        for (Answer answer : answers) {
          json.beginObject().name("Endpoint").value(answer.endpoint()).name(jsonName);
          out.jsonOf(json).object(answer.message());
          json.endObject();
        }
        json.endArray();
        out.json(json);
      }
      case PROTOBUF -> throw out.unsupported();
    }
  }
}
