// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/**
 * etcd's recipe for the ids of initial members and of their cluster (recorded behaviour of etcd
 * 2.3.7): the first eight bytes, big-endian, of a SHA-1. Written here again, so that the servers'
 * own code is not its own judge.
 */
public final class MemberIds {
  private MemberIds() {}

  /** Over the sorted peer URLs, joined without separator, and the cluster token. */
  public static long member(Collection<String> peerUrls, String token) {
    String sorted = peerUrls.stream().sorted().reduce("", String::concat);
    return firstEight((sorted + token).getBytes(StandardCharsets.UTF_8));
  }

  /** Over the ids of all initial members in unsigned order. */
  public static long cluster(Collection<Long> members) {
    List<Long> sorted = members.stream().sorted(Long::compareUnsigned).toList();
    ByteBuffer bytes = ByteBuffer.allocate(8 * sorted.size());
    sorted.forEach(bytes::putLong);
    return firstEight(bytes.array());
  }

  private static long firstEight(byte[] bytes) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(bytes)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
