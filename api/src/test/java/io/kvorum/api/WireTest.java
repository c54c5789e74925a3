// SPDX-License-Identifier: Apache-2.0
package io.kvorum.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import io.kvorum.api.authpb.AuthProto;
import io.kvorum.api.etcdserverpb.AuthenticationProto;
import io.kvorum.api.etcdserverpb.ClusterProto;
import io.kvorum.api.etcdserverpb.HeaderProto;
import io.kvorum.api.etcdserverpb.KeysProto;
import io.kvorum.api.etcdserverpb.LeasesProto;
import io.kvorum.api.etcdserverpb.MaintenanceProto;
import io.kvorum.api.etcdserverpb.RaftInternalProto;
import io.kvorum.api.etcdserverpb.RequestProto;
import io.kvorum.api.etcdserverpb.WatchProto;
import io.kvorum.api.health.HealthProto;
import io.kvorum.api.leasepb.LeaseProto;
import io.kvorum.api.membershippb.MembershipProto;
import io.kvorum.api.mvccpb.KvProto;
import io.kvorum.api.raftpb.RaftProto;
import io.kvorum.api.v3electionpb.ElectionProto;
import io.kvorum.api.v3lockpb.LockProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Names and numbers of the wire against lists that did not come from our definitions.
 *
 * <p>{@code etcd-3.4.23.txt} was read from the descriptors that Debian's etcd 3.4.23 carries
 * inside; {@code newer-releases.txt} is what 3.5 to 3.7 added. Together they are everything we
 * define, so a slip of a number or a name shows.
 */
class WireTest {
  private static final List<FileDescriptor> FILES =
      List.of(
          AuthProto.getDescriptor(),
          AuthenticationProto.getDescriptor(),
          ClusterProto.getDescriptor(),
          ElectionProto.getDescriptor(),
          HeaderProto.getDescriptor(),
          HealthProto.getDescriptor(),
          KeysProto.getDescriptor(),
          KvProto.getDescriptor(),
          LeaseProto.getDescriptor(),
          LeasesProto.getDescriptor(),
          LockProto.getDescriptor(),
          MaintenanceProto.getDescriptor(),
          MembershipProto.getDescriptor(),
          RaftInternalProto.getDescriptor(),
          RaftProto.getDescriptor(),
          RequestProto.getDescriptor(),
          WatchProto.getDescriptor());

  @Test
  void whatEtcd34KnowsHasTheSameNamesAndNumbersHere() {
    var missing = new TreeSet<>(lines("etcd-3.4.23.txt"));
    missing.removeAll(ours());
    assertEquals(Set.of(), missing);
  }

  @Test
  void whatIsMoreCameWithANewerRelease() {
    var more = ours();
    more.removeAll(lines("etcd-3.4.23.txt"));
    assertEquals(new TreeSet<>(lines("newer-releases.txt")), more);
  }

  @Test
  void theListsAreNotEmpty() {
    assertTrue(lines("etcd-3.4.23.txt").size() > 500);
  }

  private static TreeSet<String> ours() {
    var all = new TreeSet<String>();
    for (var file : FILES) {
      file.getMessageTypes().stream().flatMap(WireTest::ofMessage).forEach(all::add);
      file.getEnumTypes().stream().flatMap(WireTest::ofEnum).forEach(all::add);
      file.getServices().stream()
          .flatMap(service -> service.getMethods().stream().map(WireTest::ofMethod))
          .forEach(all::add);
    }
    return all;
  }

  private static Stream<String> ofMessage(Descriptor message) {
    return Stream.of(
            Stream.of(message.getFullName()),
            message.getFields().stream().map(WireTest::ofField),
            message.getNestedTypes().stream().flatMap(WireTest::ofMessage),
            message.getEnumTypes().stream().flatMap(WireTest::ofEnum))
        .flatMap(parts -> parts);
  }

  private static String ofField(FieldDescriptor field) {
    var oneof = field.getRealContainingOneof();
    return field.getFullName()
        + " = "
        + field.getNumber()
        + ": "
        + (field.isRepeated() ? "repeated " : "")
        + type(field)
        + (oneof == null ? "" : " of " + oneof.getName());
  }

  private static String type(FieldDescriptor field) {
    return switch (field.getType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      case INT64 -> "int64";
      case UINT64 -> "uint64";
      case UINT32 -> "uint32";
      case BOOL -> "bool";
      case STRING -> "string";
      case BYTES -> "bytes";
      default -> throw new AssertionError(field + ": a type that etcd does not use");
    };
  }

  private static Stream<String> ofEnum(EnumDescriptor type) {
    return type.getValues().stream()
        .map(value -> type.getFullName() + "." + value.getName() + " = " + value.getNumber());
  }

  private static String ofMethod(MethodDescriptor method) {
    return method.getFullName().replaceAll("\\.(\\w+)$", "/$1")
        + "("
        + (method.isClientStreaming() ? "stream " : "")
        + method.getInputType().getFullName()
        + ") "
        + (method.isServerStreaming() ? "stream " : "")
        + method.getOutputType().getFullName();
  }

  private static List<String> lines(String name) {
    try (InputStream in = WireTest.class.getResourceAsStream("/wire/" + name)) {
      if (in == null) {
        throw new AssertionError("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
