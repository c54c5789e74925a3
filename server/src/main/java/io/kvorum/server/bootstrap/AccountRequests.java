// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.apply.Stores;
import io.kvorum.server.auth.AuthState;
import io.kvorum.server.auth.Tokens;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.consensus.ReadBarrier;
import io.kvorum.server.request.AccountAccess;
import io.kvorum.server.request.Identification;
import io.kvorum.server.request.KeyspaceLimits;
import io.kvorum.server.request.LogIn;
import io.kvorum.server.request.ManageAccounts;
import io.kvorum.server.request.PasswordForm;
import io.kvorum.server.request.Passwords;
import java.util.function.Supplier;

/** The use cases about users of the v3 API, and who decides for all others what they may. */
record AccountRequests(AccountAccess access, ManageAccounts manage, LogIn login) {

  /** Builds them. */
  static AccountRequests of(Ground ground, Tokens tokens, Passwords passwords) {
    Consensus consensus = ground.consensus();
    Stores stores = ground.stores();
    MemberConfig.Requests bounds = ground.config().requests();
    int bcryptCost = ground.config().features().accounts().bcryptCost();
    Supplier<AuthState> states = stores.auth()::state;
    ReadBarrier barrier = consensus.readBarrier();
    Identification identification = new Identification(states, tokens, barrier, consensus.facts());
    AccountAccess access =
        new AccountAccess(states, identification, stores.keyspace()::read, barrier);
    return new AccountRequests(
        access,
        new ManageAccounts(
            access,
            identification,
            states,
            barrier,
            ground.proposals(),
            new PasswordForm(stores.members(), passwords, bcryptCost),
            new KeyspaceLimits(bounds.operationsMax(), bounds.bytesMax())),
        new LogIn(states, tokens, barrier, ground.proposals(), passwords));
  }
}
