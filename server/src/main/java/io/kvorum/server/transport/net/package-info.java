// SPDX-License-Identifier: Apache-2.0
/**
 * What every transport shares of HTTP: the listener, targets, forms, JSON text, batched replies.
 */
@NullMarked
package io.kvorum.server.transport.net;

import org.jspecify.annotations.NullMarked;
