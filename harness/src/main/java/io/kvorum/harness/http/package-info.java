// SPDX-License-Identifier: Apache-2.0
/** A plain-socket HTTP/1.1 client that shows an answer exactly as it came over the wire. */
@NullMarked
package io.kvorum.harness.http;

import org.jspecify.annotations.NullMarked;
