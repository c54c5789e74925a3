// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.offline;

/** What a directory's log continues is not there, or not any more. */
final class NoSuchState extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NoSuchState(String text) {
    super(text);
  }
}
