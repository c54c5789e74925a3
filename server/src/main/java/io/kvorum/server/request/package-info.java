// SPDX-License-Identifier: Apache-2.0
/** One class per use case: authorise, propose or read, shape the answer. Knows no protocol. */
@NullMarked
package io.kvorum.server.request;

import org.jspecify.annotations.NullMarked;
