// SPDX-License-Identifier: Apache-2.0
/** The alarms of the cluster. */
@NullMarked
package io.kvorum.server.alarm;

import org.jspecify.annotations.NullMarked;
