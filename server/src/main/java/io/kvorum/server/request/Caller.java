// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import java.util.Optional;

/**
 * Who asks.
 *
 * @param address where the request comes from, for the log
 * @param authorization the credentials as the protocol carried them; never logged
 */
public record Caller(String address, Optional<String> authorization) {}
