// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

/**
 * Why a call did not end well.
 *
 * @param text what clients show, and some of them compare
 */
public record RpcFault(RpcCode code, String text) {

  public RpcFault {
    if (code == RpcCode.OK) {
      throw new IllegalArgumentException("code OK: expected one of a failure");
    }
  }
}
