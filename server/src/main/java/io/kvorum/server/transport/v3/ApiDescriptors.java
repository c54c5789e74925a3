// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.kvorum.api.etcdserverpb.AuthenticationProto;
import io.kvorum.api.etcdserverpb.ClusterProto;
import io.kvorum.api.etcdserverpb.KeysProto;
import io.kvorum.api.etcdserverpb.LeasesProto;
import io.kvorum.api.etcdserverpb.MaintenanceProto;
import io.kvorum.api.etcdserverpb.WatchProto;
import io.kvorum.api.health.HealthProto;
import io.kvorum.api.v3electionpb.ElectionProto;
import io.kvorum.api.v3lockpb.LockProto;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The definitions of the services of the port. */
final class ApiDescriptors {
  private static final List<FileDescriptor> FILES =
      List.of(
          KeysProto.getDescriptor(),
          WatchProto.getDescriptor(),
          LeasesProto.getDescriptor(),
          ClusterProto.getDescriptor(),
          MaintenanceProto.getDescriptor(),
          AuthenticationProto.getDescriptor(),
          LockProto.getDescriptor(),
          ElectionProto.getDescriptor(),
          HealthProto.getDescriptor());

  private ApiDescriptors() {}

  static List<FileDescriptor> files() {
    return FILES;
  }

  static Stream<ServiceDescriptor> services() {
    return FILES.stream().flatMap(file -> file.getServices().stream());
  }

  /** A method by service and name, as {@code etcdserverpb.KV} and {@code Put}. */
  static Optional<MethodDescriptor> method(String service, String name) {
    return services()
        .filter(candidate -> candidate.getFullName().equals(service))
        .flatMap(candidate -> Optional.ofNullable(candidate.findMethodByName(name)).stream())
        .findFirst();
  }
}
