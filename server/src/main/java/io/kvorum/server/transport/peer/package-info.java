// SPDX-License-Identifier: Apache-2.0
/**
 * etcd's peer protocol: long-lived streams, the pipeline, snapshots and the small endpoints of the
 * peer port. Everything here is owned by one event loop, except what says otherwise.
 */
@NullMarked
package io.kvorum.server.transport.peer;

import org.jspecify.annotations.NullMarked;
