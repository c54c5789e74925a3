// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.peer;

import io.kvorum.env.Clock;
import io.kvorum.server.observe.Sparingly;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;

/** What everything on the peers' event loop shares. */
record PeerLoop(Vertx vertx, HttpClient client, Clock clock, Sparingly complaints) {}
