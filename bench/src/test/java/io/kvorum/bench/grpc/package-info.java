// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.kvorum.bench.grpc;

import org.jspecify.annotations.NullMarked;
