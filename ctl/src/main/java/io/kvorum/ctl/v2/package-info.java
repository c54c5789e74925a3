// SPDX-License-Identifier: Apache-2.0
/**
 * etcdctl's v2 commands as one program: dispatch, the command table, what is left to the v3 API.
 */
@NullMarked
package io.kvorum.ctl.v2;

import org.jspecify.annotations.NullMarked;
