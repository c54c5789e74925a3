// SPDX-License-Identifier: Apache-2.0
/**
 * The single writer: rounds of commands become one storage batch, then outcomes and change sets.
 */
@NullMarked
package io.kvorum.server.apply;

import org.jspecify.annotations.NullMarked;
