// SPDX-License-Identifier: Apache-2.0
/** Users, roles and permissions of the v2 API: their documents and their rules. */
@NullMarked
package io.kvorum.server.auth;

import org.jspecify.annotations.NullMarked;
