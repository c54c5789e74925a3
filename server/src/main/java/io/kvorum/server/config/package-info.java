// SPDX-License-Identifier: Apache-2.0
/** Flags, environment variables and files become immutable records. No side effects. */
@NullMarked
package io.kvorum.server.config;

import org.jspecify.annotations.NullMarked;
