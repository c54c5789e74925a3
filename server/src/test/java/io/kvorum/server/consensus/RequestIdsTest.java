// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestIdsTest {

  private static final long MEMBER = 0xb31c02ac56e1ddb7L;
  private static final long MILLIS = 1_700_000_000_000L;

  @Test
  void theMemberTheMillisecondAndTheCountAreWhereEtcdPutsThem() {
    long id = new RequestIds(MEMBER, MILLIS, 0).next();
    assertEquals(0xddb7, id >>> 48);
    assertEquals(MILLIS & 0xff_ffff_ffffL, (id >>> 8) & 0xff_ffff_ffffL);
    assertEquals(1, id & 0xff);
  }

  @Test
  void aClockThatWentBackDoesNotBringAnIdBack() {
    RequestIds before = new RequestIds(MEMBER, MILLIS, 0);
    long last = 0;
    for (int i = 0; i < 1000; i++) {
      last = before.next();
    }
    long next = new RequestIds(MEMBER, MILLIS - 3_600_000, last).next();
    assertTrue(Long.compareUnsigned(next, last) > 0, Long.toHexString(next));
  }

  @Test
  void anIdOfAnotherMemberSaysNothingAboutOurs() {
    long theirs = new RequestIds(0xe0cab80370d52a2aL, MILLIS + 3_600_000, 0).next();
    assertFalse(RequestIds.isOwn(MEMBER, theirs));
    assertEquals(
        new RequestIds(MEMBER, MILLIS, 0).next(), new RequestIds(MEMBER, MILLIS, theirs).next());
  }

  @Test
  void membersThatStartTogetherNeverShareAnId() {
    Set<Long> seen = new HashSet<>();
    for (long member : new long[] {MEMBER, 0xe0cab80370d52a2aL, 0x70402fb9c3e3e4d5L}) {
      RequestIds ids = new RequestIds(member, MILLIS, 0);
      for (int i = 0; i < 10_000; i++) {
        assertTrue(seen.add(ids.next()));
      }
    }
  }

  @Test
  void zeroIsNobodysId() {
    assertFalse(RequestIds.isOwn(0x10000, 0));
  }
}
