// SPDX-License-Identifier: Apache-2.0
/**
 * Histories of what clients asked and were answered, models of what a store may answer, and the
 * check whether some order explains the one by the other.
 */
@NullMarked
package io.kvorum.harness.history;

import org.jspecify.annotations.NullMarked;
