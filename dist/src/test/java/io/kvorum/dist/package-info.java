// SPDX-License-Identifier: Apache-2.0
/** End-to-end tests of the assembled distribution: real processes, real ports, real signals. */
@NullMarked
package io.kvorum.dist;

import org.jspecify.annotations.NullMarked;
