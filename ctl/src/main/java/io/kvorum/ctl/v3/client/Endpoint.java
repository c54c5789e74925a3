// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.client;

import io.kvorum.ctl.http.HttpUrl;

/**
 * One member's client address.
 *
 * @param text as it was written, which is how it is shown
 */
public record Endpoint(String text, HttpUrl url) {}
