// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.bolt;

import io.kvorum.server.storage.engine.Cursor;
import java.util.function.Supplier;

/**
 * A bucket to be written.
 *
 * @param records opens a walk over its records in the order of their keys; is called twice and must
 *     find the same both times. No key is empty or longer than 32768 bytes
 */
public record BucketRecords(String name, Supplier<Cursor> records) {}
