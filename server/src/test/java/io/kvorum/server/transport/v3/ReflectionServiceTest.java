// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.transport.net.StockGrpc;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tools that ask a port for its definitions are told, in both versions of the question. */
class ReflectionServiceTest {
  private static final int FILE_BY_NAME = 3;
  private static final int FILE_OF_SYMBOL = 4;
  private static final int LIST = 7;

  private final TestV3 port =
      new TestV3(
          (here, methods) -> {
            HealthService.register(methods);
            ReflectionService.register(methods);
          });

  @AfterEach
  void close() {
    port.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1alpha"})
  void theServicesAndTheirDefinitionsAreTold(String version) throws Exception {
    var open =
        port.client.open("/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo");
    assertEquals(
        List.of(
            "grpc.health.v1.Health",
            "grpc.reflection.v1.ServerReflection",
            "grpc.reflection.v1alpha.ServerReflection"),
        names(ask(open, LIST, "*")));
    var kv = file(ask(open, FILE_OF_SYMBOL, "etcdserverpb.KV"));
    assertTrue(
        kv.getServiceList().stream().map(ServiceDescriptorProto::getName).toList().contains("KV"));
    assertEquals(kv, file(ask(open, FILE_OF_SYMBOL, "etcdserverpb.KV.Range")));
    assertEquals(kv, file(ask(open, FILE_BY_NAME, kv.getName())));
    for (var dependency : kv.getDependencyList()) {
      assertEquals(dependency, file(ask(open, FILE_BY_NAME, dependency)).getName());
    }
    assertEquals(5, error(ask(open, FILE_OF_SYMBOL, "etcdserverpb.KV.Nothing")));
    assertEquals(5, error(ask(open, FILE_BY_NAME, "nothing.proto")));
    assertEquals(12, error(ask(open, 6, "etcdserverpb.PutRequest")));
    open.out().onCompleted();
    assertEquals("end", open.next());
  }

  private static ProtoReader ask(StockGrpc.Open open, int field, String value) throws Exception {
    var request = new ProtoWriter();
    request.stringAlways(field, value);
    open.out().onNext(request.toBytes().toArray());
    var answer = new ProtoReader("answer", Bytes.wrap(assertInstanceOf(byte[].class, open.next())));
    assertEquals(2, answer.next(), "the question comes back first");
    assertEquals(request.toBytes(), answer.bytes());
    return answer;
  }

  private static List<String> names(ProtoReader answer) {
    assertEquals(6, answer.next());
    var list = answer.message("list");
    var names = new ArrayList<String>();
    for (int field = list.next(); field != 0; field = list.next()) {
      var service = list.message("service");
      assertEquals(1, service.next());
      names.add(service.string());
    }
    return names;
  }

  private static FileDescriptorProto file(ProtoReader answer) throws Exception {
    assertEquals(4, answer.next());
    var files = answer.message("files");
    assertEquals(1, files.next());
    return FileDescriptorProto.parseFrom(files.bytes().toArray());
  }

  private static int error(ProtoReader answer) {
    assertEquals(7, answer.next());
    var error = answer.message("error");
    assertEquals(1, error.next());
    return error.int32();
  }
}
