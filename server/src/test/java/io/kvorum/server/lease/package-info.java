// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.kvorum.server.lease;

import org.jspecify.annotations.NullMarked;
