// SPDX-License-Identifier: Apache-2.0
/** Proofs of the membership. */
@NullMarked
package io.kvorum.server.member;

import org.jspecify.annotations.NullMarked;
