// SPDX-License-Identifier: Apache-2.0
/** Proofs of the peer protocol. */
@NullMarked
package io.kvorum.server.transport.peer;

import org.jspecify.annotations.NullMarked;
