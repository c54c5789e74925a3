// SPDX-License-Identifier: Apache-2.0
/** What etcdctl v3 prints, in each of its formats. */
@NullMarked
package io.kvorum.ctl.v3.output;

import org.jspecify.annotations.NullMarked;
