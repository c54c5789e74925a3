// SPDX-License-Identifier: Apache-2.0
/** Values that every part of a member shares. */
@NullMarked
package io.kvorum.server.base;

import org.jspecify.annotations.NullMarked;
