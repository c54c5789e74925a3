// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.ProtoWriter;
import io.kvorum.ctl.cli.CommandSpec;
import io.kvorum.ctl.grpc.RpcFailure;
import io.kvorum.ctl.grpc.RpcStatus;
import io.kvorum.ctl.v3.client.Endpoint;
import io.kvorum.ctl.v3.client.EtcdClient;
import io.kvorum.ctl.v3.client.Rpc;
import io.kvorum.ctl.v3.output.Output;
import io.kvorum.ctl.v3.output.Quantities;
import io.kvorum.ctl.v3.output.Table;
import io.kvorum.ctl.v3.wire.Message;
import java.util.ArrayList;
import java.util.List;

/** {@code endpoint health}: asks all endpoints at once; those that answer first are told first. */
final class EndpointHealthCommand implements Command {

  private static final String KEY = "health";
  private static final int NOSPACE = 1;
  private static final int ALARMS = 2;

  private record Health(String endpoint, boolean healthy, String took, String error) {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "health",
        "Checks the healthiness of endpoints specified in `--endpoints` flag",
        "[flags]",
        Endpoints.CLUSTER);
  }

  @Override
  public void run(Call call) {
    List<Health> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (Endpoint endpoint : Endpoints.of(call)) {
      Thread thread = new Thread(() -> check(call.client(), endpoint, all), "health");
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    print(call.output(), all);
    for (Health health : all) {
      if (!health.healthy()) {
        throw call.fail(ExitStatus.ERROR, "unhealthy cluster");
      }
    }
  }

  private static void check(EtcdClient cluster, Endpoint endpoint, List<Health> all) {
    long start = System.nanoTime();
    String error = "";
    try (EtcdClient client = cluster.only(endpoint)) {
      ProtoWriter request = new ProtoWriter();
      request.bytes(1, Bytes.utf8(KEY));
      try {
        client.call(Rpc.RANGE, request);
      } catch (RpcFailure e) {
        // A member that can tell that somebody may not read is well.
        error = e.status() == RpcStatus.PERMISSION_DENIED ? "" : String.valueOf(e.getMessage());
      }
      error = error.isEmpty() ? alarms(client) : error;
    }
    String took = Quantities.nanos(System.nanoTime() - start);
    synchronized (all) {
      all.add(new Health(endpoint.text(), error.isEmpty(), took, error));
    }
  }

  private static String alarms(EtcdClient client) {
    StringBuilder active = new StringBuilder();
    try {
      Message answer = client.call(Rpc.ALARM, new ProtoWriter());
      for (Message alarm : answer.messages(ALARMS)) {
        active.append(alarm.number(2) == NOSPACE ? "NOSPACE " : "CORRUPT ");
      }
    } catch (RpcFailure e) {
      return e.status() == RpcStatus.PERMISSION_DENIED ? "" : "Unable to fetch the alarm list";
    }
    return active.isEmpty() ? "" : "Active Alarm(s): " + active;
  }

  private static void print(Output out, List<Health> all) {
    switch (out.format()) {
      case SIMPLE -> all.forEach(health -> simple(out, health));
      case FIELDS -> {
        for (Health health : all) {
          out.quoted("Endpoint", health.endpoint());
          out.flag("Health", health.healthy());
          out.field("Took", health.took());
          out.field("Error", health.error());
          out.line("");
        }
      }
      case TABLE -> {
        Table table = new Table("ENDPOINT", "HEALTH", "TOOK", "ERROR");
        for (Health health : all) {
          table.row(
              List.of(
                  health.endpoint(),
                  health.healthy() ? "true" : "false",
                  health.took(),
                  health.error()));
        }
        table.print(out);
      }
      case JSON -> json(out, all);
      case PROTOBUF -> throw out.unsupported();
    }
  }

  private static void simple(Output out, Health health) {
    if (health.healthy()) {
      out.line(
          health.endpoint()
              + " is healthy: successfully committed proposal: took = "
              + health.took());
    } else {
      out.errorLine(
          health.endpoint() + " is unhealthy: failed to commit proposal: " + health.error());
    }
  }

  private static void json(Output out, List<Health> all) {
    GoJson json = new GoJson();
    json.beginArray();
    for (Health health : all) {
      json.beginObject();
      json.name("endpoint").value(health.endpoint());
      json.name("health").value(health.healthy());
      json.name("took").value(health.took());
      if (!health.error().isEmpty()) {
        json.name("error").value(health.error());
      }
      json.endObject();
    }
    json.endArray();
    out.json(json);
  }
}
