// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.kvorum.server.auth;

import org.jspecify.annotations.NullMarked;
