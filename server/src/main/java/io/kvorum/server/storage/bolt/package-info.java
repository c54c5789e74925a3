// SPDX-License-Identifier: Apache-2.0
/**
 * The file format of etcd's database (bbolt): pages, trees and buckets, read and written whole.
 * Knows nothing of what is in the buckets.
 */
@NullMarked
package io.kvorum.server.storage.bolt;

import org.jspecify.annotations.NullMarked;
