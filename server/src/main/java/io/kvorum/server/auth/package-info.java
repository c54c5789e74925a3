// SPDX-License-Identifier: Apache-2.0
/**
 * Users, roles and permissions: the documents and rules of the v2 API, which live in its tree, and
 * the store of the v3 API.
 */
@NullMarked
package io.kvorum.server.auth;

import org.jspecify.annotations.NullMarked;
