// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.GoTime;
import io.kvorum.base.MemberId;
import io.kvorum.server.observe.AppendTraffic;
import io.kvorum.server.observe.FollowerLatency;
import io.kvorum.server.observe.ProcessFacts;
import io.kvorum.server.request.ReportStatistics.Leader;
import io.kvorum.server.request.ReportStatistics.Raft;
import io.kvorum.server.request.ReportStatistics.Self;
import java.util.List;

/** Statistics and diagnosis as JSON, in the field order of etcd 2.3.7. */
final class StatsJson {
  private StatsJson() {}

  static Bytes self(Self self, long now) {
    var json = new GoJson(512).beginObject();
    json.name("name").value(self.name()).name("id").value(self.id().hex());
    json.name("state").value(self.leads() ? "StateLeader" : "StateFollower");
    json.name("startTime").value(GoTime.format(self.startedAt()));
    var leadership = self.leadership();
    json.name("leaderInfo").beginObject();
    json.name("leader").value(idOrNothing(leadership.leader()));
    json.name("uptime").value(GoDuration.text(now - leadership.since()));
    json.name("startTime").value(GoTime.format(leadership.since())).endObject();
    traffic(json, "recv", self.received());
    traffic(json, "send", self.sent());
    return json.endObject().toBytes();
  }

  private static String idOrNothing(MemberId id) {
    return id.equals(MemberId.NONE) ? "" : id.hex();
  }

  private static void traffic(GoJson json, String direction, AppendTraffic traffic) {
    json.name(direction + "AppendRequestCnt").value(traffic.count());
    if (traffic.messagesPerSecond() > 0) {
      json.name(direction + "PkgRate").value(traffic.messagesPerSecond());
    }
    if (traffic.bytesPerSecond() > 0) {
      json.name(direction + "BandwidthRate").value(traffic.bytesPerSecond());
    }
  }

  static Bytes leader(Leader leader) {
    var json = new GoJson(512).beginObject().name("leader").value(leader.id().hex());
    json.name("followers").beginObject();
    leader.followers().forEach((id, latency) -> follower(json.name(id.hex()), latency));
    return json.endObject().endObject().toBytes();
  }

  private static void follower(GoJson json, FollowerLatency latency) {
    json.beginObject().name("latency").beginObject();
    json.name("current").value(latency.current()).name("average").value(latency.average());
    json.name("standardDeviation").value(latency.standardDeviation());
    json.name("minimum").value(latency.minimum());
    json.name("maximum").value(latency.maximum()).endObject();
    json.name("counts").beginObject().name("fail").value(latency.failures());
    json.name("success").value(latency.successes()).endObject().endObject();
  }

  /** The page of {@code /debug/vars}: one variable a line, as Go's expvar writes it. */
  static String variables(List<String> commandLine, Raft raft) {
    return "{\n\"cmdline\": %s,\n\"file_descriptor_limit\": %d,\n\"memstats\": %s,\n\"raft.status\": %s\n}\n"
        .formatted(
            new GoJson().strings(commandLine),
            ProcessFacts.fileDescriptorsMax(),
            memory(),
            raft(raft));
  }

  /** Under the names of Go's runtime, as far as there is something to say under them. */
  private static GoJson memory() {
    var json = new GoJson(2048).beginObject();
    ProcessFacts.memory().forEach((name, bytes) -> json.name(name).value(bytes));
    // Collectors of these pages expect Go's rings of the last 256 pauses.
    for (var ring : List.of("PauseNs", "PauseEnd")) {
      json.name(ring).beginArray();
      for (int i = 0; i < 256; i++) {
        json.value(0L);
      }
      json.endArray();
    }
    return json.name("EnableGC").value(true).name("DebugGC").value(false).endObject();
  }

  private static GoJson raft(Raft raft) {
    var json = new GoJson().beginObject().name("id").value(raft.id().hex());
    json.name("term").value(raft.term()).name("vote").value("0");
    json.name("commit").value(raft.committed()).name("lead").value(raft.leader().hex());
    return json.name("raftState")
        .value(raft.state())
        .name("progress")
        .beginObject()
        .endObject()
        .endObject();
  }
}
