// SPDX-License-Identifier: Apache-2.0
/**
 * The seams to the outside world (clock, timers, randomness, disk, network) and their seeded twins.
 */
@NullMarked
package io.kvorum.env;

import org.jspecify.annotations.NullMarked;
