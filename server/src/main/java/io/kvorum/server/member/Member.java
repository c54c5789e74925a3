// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

import io.kvorum.base.MemberId;
import java.util.List;

/**
 * One member as the cluster knows it.
 *
 * @param name empty until it has published itself
 * @param peerUrls sorted
 * @param clientUrls as published; empty until then
 */
public record Member(
    MemberId id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {

  public Member {
    peerUrls = List.copyOf(peerUrls);
    clientUrls = List.copyOf(clientUrls);
  }

  /** Whether it has published itself at least once. */
  public boolean started() {
    return !name.isEmpty();
  }
}
