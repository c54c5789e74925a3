// SPDX-License-Identifier: Apache-2.0
/** Metrics and diagnosis behind plain types: no library, no protocol but Prometheus' text. */
@NullMarked
package io.kvorum.server.observe;

import org.jspecify.annotations.NullMarked;
