// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Timers;
import io.kvorum.env.Workers;
import io.kvorum.server.apply.Stores;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.consensus.Consensus;
import io.kvorum.server.consensus.Proposals;

/** What the services of the ports are built on; only for building them. */
record Ground(
    MemberConfig config,
    Consensus consensus,
    Proposals proposals,
    Stores stores,
    Workers workers,
    Timers timers) {}
