// SPDX-License-Identifier: Apache-2.0
/** Replays recorded conversations of a genuine etcd against another server and compares. */
@NullMarked
package io.kvorum.harness.golden;

import org.jspecify.annotations.NullMarked;
