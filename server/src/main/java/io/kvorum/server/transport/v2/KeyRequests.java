// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.server.request.ChangeKey;
import io.kvorum.server.request.ReadKey;
import io.kvorum.server.request.WatchKey;

/** What {@code /v2/keys} calls. */
public record KeyRequests(ReadKey read, ChangeKey change, WatchKey watch) {}
