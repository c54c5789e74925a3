// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.base.MemberId;
import io.kvorum.env.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemberStatisticsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final MemberId A = new MemberId(10);
  private static final MemberId B = new MemberId(11);

  private long now = 100 * SECOND;
  private final MemberStatistics statistics =
      new MemberStatistics(
          new Clock() {
            @Override
            public long unixNanos() {
              return now;
            }

            @Override
            public long monotonicNanos() {
              return now;
            }
          });

  @Test
  void aLostLeaderStays() {
    now += SECOND;
    statistics.leads(A);
    now += SECOND;
    statistics.leads(A);
    statistics.leads(MemberId.NONE);
    assertEquals(new MemberStatistics.Leadership(A, 101 * SECOND), statistics.leadership());
    statistics.leads(B);
    assertEquals(new MemberStatistics.Leadership(B, 102 * SECOND), statistics.leadership());
    assertEquals(100 * SECOND, statistics.startedAt());
  }

  @Test
  void aRateLooksAtTheLastTwoHundredMessages() {
    assertEquals(new AppendTraffic(0, 0, 0), statistics.received());
    for (int i = 0; i < 300; i++) {
      statistics.appendReceived(10);
      now += SECOND / 100;
    }
    // 200 messages of 10 bytes within 1.99 seconds
    assertEquals(new AppendTraffic(300, 200 / 1.99, 2000 / 1.99), statistics.received());
    now += 2 * SECOND;
    assertEquals(new AppendTraffic(300, 0, 0), statistics.received());
    assertEquals(new AppendTraffic(0, 0, 0), statistics.sent());
  }

  @Test
  void aFollowersLatencyIsSummedUp() {
    statistics.followerAnswered(A, 1_000_000);
    statistics.followerAnswered(A, 3_000_000);
    statistics.followerFailed(A);
    statistics.followerFailed(B);
    assertEquals(
        Map.of(
            A, new FollowerLatency(3, 2, 1, 1, 3, 1, 2),
            B, new FollowerLatency(0, 0, 0, 0x1p63, 0, 1, 0)),
        statistics.followers());
  }
}
