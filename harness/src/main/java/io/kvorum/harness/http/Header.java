// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.http;

/** One header line, name as spelled. */
public record Header(String name, String value) {}
