// SPDX-License-Identifier: Apache-2.0
/** Background work with a handwritten consensus. */
@NullMarked
package io.kvorum.server.duty;

import org.jspecify.annotations.NullMarked;
