// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.Command;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.consensus.Proposals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What may be proposed while another member would not survive v2 writes. */
class GuardedProposalsTest {

  private static final Command WRITE =
      new TreeCommand.Set(Bytes.utf8("/1/a"), false, Bytes.EMPTY, 0, false);
  private static final Command EXPIRY = new TreeCommand.Expire(1);
  private static final Command REMOVAL = new MemberCommand.Remove(new MemberId(7));

  private final List<Command> proposed = new ArrayList<>();
  private Optional<String> objection = Optional.empty();
  private final Proposals guarded =
      new GuardedProposals(
          command -> {
            proposed.add(command);
            return new CompletableFuture<>();
          },
          () -> objection);

  @Test
  void everythingPassesAsLongAsNobodyObjects() {
    List.of(WRITE, EXPIRY, REMOVAL).forEach(guarded::propose);
    assertEquals(List.of(WRITE, EXPIRY, REMOVAL), proposed);
  }

  @Test
  void onlyTheMembershipChangesWhileSomebodyObjects() {
    objection = Optional.of("member b runs etcd 3.6.4");
    assertTrue(guarded.propose(WRITE).isCompletedExceptionally());
    assertTrue(guarded.propose(EXPIRY).isCompletedExceptionally());
    assertEquals(List.of(), proposed);
    CompletionException failed =
        assertThrows(CompletionException.class, () -> guarded.propose(WRITE).join());
    assertEquals(new Answer.Failed<>("member b runs etcd 3.6.4", false), Answer.failed(failed));
    guarded.propose(REMOVAL);
    assertEquals(List.of(REMOVAL), proposed);
  }
}
