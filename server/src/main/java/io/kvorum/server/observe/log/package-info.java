// SPDX-License-Identifier: Apache-2.0
/** The log: one JSON object a line on standard error, with the field names of etcd's zap logs. */
@NullMarked
package io.kvorum.server.observe.log;

import org.jspecify.annotations.NullMarked;
