// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.recipe;

import io.kvorum.env.Timers;
import io.kvorum.server.request.ChangeKeyspace;
import io.kvorum.server.request.ReadKeyspace;
import io.kvorum.server.request.WatchKeyspace;

/** What locks and elections are made from. */
public record Ingredients(
    ReadKeyspace reading,
    ChangeKeyspace changing,
    WatchKeyspace watching,
    Leasing leasing,
    Timers timers) {}
