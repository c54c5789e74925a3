// SPDX-License-Identifier: Apache-2.0
/** Builds a member by hand, in order, and takes it apart in the reverse one. Sees everything. */
@NullMarked
package io.kvorum.server.bootstrap;

import org.jspecify.annotations.NullMarked;
