// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

import io.kvorum.base.MemberId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/**
 * How ids come about: the first eight bytes of a SHA-1, read big-endian (etcd's recipe, checked
 * against ids of recorded clusters). The name is not part of it.
 */
public final class MemberIds {

  private MemberIds() {}

  /** The id of a member of a static bootstrap. */
  public static MemberId atBootstrap(List<String> peerUrls, String clusterToken) {
    return hash(String.join("", peerUrls.stream().sorted().toList()) + clusterToken);
  }

  /** The id of a member added at run time, at this second since 1970. */
  public static MemberId atRunTime(List<String> peerUrls, long unixSeconds) {
    return atBootstrap(peerUrls, Long.toString(unixSeconds));
  }

  /** The id of the cluster that these members founded. */
  public static MemberId ofCluster(Collection<MemberId> founders) {
    ByteBuffer ids = ByteBuffer.allocate(founders.size() * Long.BYTES);
    founders.stream().sorted().forEach(id -> ids.putLong(id.value()));
    return hash(ids.array());
  }

  private static MemberId hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MemberId hash(byte[] bytes) {
    try {
      return new MemberId(
          ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(bytes)).getLong());
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-1: every JDK has it", missing);
    }
  }
}
