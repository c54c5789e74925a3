// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.storage.log;

/** The numbers of the record types (etcd's walpb, all releases). */
final class RecordType {

  static final int METADATA = 1;
  static final int ENTRY = 2;
  static final int STATE = 3;

  /** No data; carries the checksum chain over from the segment before. */
  static final int CRC = 4;

  static final int SNAPSHOT = 5;

  private RecordType() {}
}
