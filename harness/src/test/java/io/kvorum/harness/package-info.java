// SPDX-License-Identifier: Apache-2.0
/** Tests of the test tools, and of the project's own tidiness. */
@NullMarked
package io.kvorum.harness;

import org.jspecify.annotations.NullMarked;
