// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;

/**
 * A user or role that was written.
 *
 * @param created whether the answer says so
 * @param document as the answer shows it, a line of JSON
 */
public record Saved(boolean created, Bytes document) {}
