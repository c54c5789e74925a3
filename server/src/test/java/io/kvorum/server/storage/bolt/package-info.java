// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.kvorum.server.storage.bolt;

import org.jspecify.annotations.NullMarked;
