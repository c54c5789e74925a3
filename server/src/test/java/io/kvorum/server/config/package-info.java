// SPDX-License-Identifier: Apache-2.0
/** Proofs of the configuration. */
@NullMarked
package io.kvorum.server.config;

import org.jspecify.annotations.NullMarked;
