// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

/** How an answer is printed. */
public enum Format {
  SIMPLE,
  FIELDS,
  JSON,
  PROTOBUF,
  TABLE
}
