// SPDX-License-Identifier: Apache-2.0
/** The doors to consensus, each alone, with handwritten neighbours. */
@NullMarked
package io.kvorum.server.consensus;

import org.jspecify.annotations.NullMarked;
