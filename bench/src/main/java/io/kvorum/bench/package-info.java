// SPDX-License-Identifier: Apache-2.0
/** Load on a cluster of ours and on one of genuine etcd members, side by side on one machine. */
@NullMarked
package io.kvorum.bench;

import org.jspecify.annotations.NullMarked;
