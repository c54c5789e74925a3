// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The simulation meets this too rarely: two configurations apart, majorities need not meet. */
class UnappliedChangeTest {

  @Test
  void aNodeThatHasACommittedChangeToApplyDoesNotCampaignBefore() {
    ConfChange add = new ConfChange(7, ConfChange.Type.ADD_NODE, 4, Bytes.EMPTY);
    List<Entry> entries =
        List.of(
            new Entry(EntryType.NORMAL, 1, 1, Bytes.utf8("data")),
            new Entry(EntryType.CONF_CHANGE, 1, 2, RaftWire.encode(add)));
    RaftCore core =
        OneCore.core(
            new StartState(
                new HardState(1, 0, 2),
                OneCore.THREE,
                LogPosition.ZERO,
                LogPosition.ZERO,
                entries,
                LogPosition.ZERO));
    assertEquals(entries, core.drain().committed());
    OneCore.tick(core, 100);
    OneCore.step(core, new Input.Campaign());
    OneCore.receive(core, new Message.TimeoutNow(1, 2, 1));
    assertEquals(Effects.Role.FOLLOWER, core.role());
    assertEquals(1, core.term());

    ConfState four = Configuration.apply(OneCore.THREE, add);
    OneCore.step(core, new Input.ConfigurationApplied(2, four));
    OneCore.step(core, new Input.Applied(2));
    OneCore.tick(core, 20);
    assertEquals(Effects.Role.PRE_CANDIDATE, core.role());
    assertTrue(core.drain().immediate().stream().anyMatch(message -> message.to() == 4));
  }
}
