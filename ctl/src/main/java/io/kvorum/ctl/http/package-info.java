// SPDX-License-Identifier: Apache-2.0
/** A small HTTP/1.1 client with exact time limits and error texts; knows nothing of etcd. */
@NullMarked
package io.kvorum.ctl.http;

import org.jspecify.annotations.NullMarked;
