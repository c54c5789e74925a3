// SPDX-License-Identifier: Apache-2.0
/** etcdctl with the v3 API: from arguments to a command and its exit status. */
@NullMarked
package io.kvorum.ctl.v3;

import org.jspecify.annotations.NullMarked;
