// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.api.etcdserverpb.AlarmType;
import io.kvorum.api.etcdserverpb.DowngradeInfo;
import io.kvorum.api.etcdserverpb.StatusResponse;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.Alarm;
import io.kvorum.server.request.ReportStatus;
import io.kvorum.server.request.ReportStatus.Status;
import io.kvorum.server.request.StoreSize;

/** Writes how a member is. */
final class StatusMessages {
  private final ReportStatus report;
  private final Headers headers;
  private final String version;

  StatusMessages(ReportStatus report, Headers headers, String version) {
    this.report = report;
    this.headers = headers;
    this.version = version;
  }

  StatusResponse now() {
    Status status = report.now();
    StoreSize size = report.size();
    StatusResponse.Builder answer =
        StatusResponse.newBuilder()
            .setHeader(headers.of(report.revision()))
            .setVersion(version)
            .setDbSize(size.total())
            .setLeader(status.leader().value())
            .setRaftIndex(status.committed())
            .setRaftTerm(status.term())
            .setRaftAppliedIndex(status.applied())
            .setDbSizeInUse(size.inUse())
            .setIsLearner(status.learner())
            .setDbSizeQuota(size.quota())
            .setDowngradeInfo(
                DowngradeInfo.newBuilder()
                    .setEnabled(status.downgrade().isPresent())
                    .setTargetVersion(status.downgrade().orElse("")));
    if (status.leader().equals(MemberId.NONE)) {
      answer.addErrors(V3Error.NO_LEADER.fault().text());
    }
    status.alarms().forEach(alarm -> answer.addErrors(text(alarm)));
    return answer.build();
  }

  /** As protobuf's text form came out up to 3.6, its last space included. */
  private static String text(Alarm alarm) {
    AlarmType type = AlarmType.forNumber(alarm.type());
    String id =
        alarm.memberId() == 0 ? "" : "memberID:" + Long.toUnsignedString(alarm.memberId()) + " ";
    return id + "alarm:" + (type == null ? Integer.toString(alarm.type()) : type.name()) + " ";
  }
}
