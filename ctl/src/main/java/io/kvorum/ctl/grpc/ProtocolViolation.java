// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

/** The other side does not speak HTTP/2 as it should; the connection is of no more use. */
final class ProtocolViolation extends RuntimeException {

  ProtocolViolation(String what) {
    super(what);
  }
}
