// SPDX-License-Identifier: Apache-2.0
/** Values and wire encodings shared by every module: bytes, ids, protobuf primitives. */
@NullMarked
package io.kvorum.base;

import org.jspecify.annotations.NullMarked;
