// SPDX-License-Identifier: Apache-2.0
/** The only home of membership, ids and the cluster version. */
@NullMarked
package io.kvorum.server.member;

import org.jspecify.annotations.NullMarked;
