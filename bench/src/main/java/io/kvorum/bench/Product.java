// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.util.List;

/**
 * One side of the comparison.
 *
 * @param server the command of a member, before its flags
 * @param control the command line client
 */
record Product(String name, List<String> server, List<String> control) {}
