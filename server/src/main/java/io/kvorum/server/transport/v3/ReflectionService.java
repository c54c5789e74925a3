// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.transport.net.RpcCall;
import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcMethod;
import io.kvorum.server.transport.net.RpcMethods;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * gRPC's server reflection: tells tools like grpcurl what the port serves, from the definitions
 * that the messages are generated from. Etcd has none; the protocol is gRPC's own, in both versions
 * that clients ask for.
 */
public final class ReflectionService {
  private static final List<String> SERVICES =
      List.of("grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection");

  // Fields of a request.
  private static final int HOST = 1;
  private static final int FILE_BY_NAME = 3;
  private static final int FILE_OF_SYMBOL = 4;
  private static final int LIST = 7;

  // Fields of an answer.
  private static final int ORIGINAL = 2;
  private static final int FILES = 4;
  private static final int NAMES = 6;
  private static final int ERROR = 7;

  private final RpcMethods methods;
  private final Map<String, FileDescriptor> byName = new LinkedHashMap<>();

  private ReflectionService(RpcMethods methods) {
    this.methods = methods;
    ArrayDeque<FileDescriptor> open = new ArrayDeque<>(ApiDescriptors.files());
    while (!open.isEmpty()) {
      FileDescriptor file = open.pop();
      if (byName.put(file.getName(), file) == null) {
        open.addAll(file.getDependencies());
      }
    }
  }

  /** Adds both versions of the service, which tell of all methods that there will be. */
  public static void register(RpcMethods methods) {
    ReflectionService service = new ReflectionService(methods);
    for (String name : SERVICES) {
      methods.with(name, "ServerReflectionInfo", RpcMethod.lasting(service::serve));
    }
  }

  private void serve(RpcCall call) {
    call.read(message -> call.write(answer(message)), call::end);
  }

  private Bytes answer(Bytes request) {
    ProtoReader in = new ProtoReader("ServerReflectionRequest", request);
    ProtoWriter out = new ProtoWriter(request.length() + 256);
    ProtoWriter body = new ProtoWriter(256);
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case HOST -> out.string(HOST, in.string());
        case FILE_BY_NAME -> {
          String name = in.string();
          file(body, Optional.ofNullable(byName.get(name)), "File not found: " + name);
        }
        case FILE_OF_SYMBOL -> {
          String symbol = in.string();
          file(body, fileOf(symbol), "Symbol not found: " + symbol);
        }
        case LIST -> {
          in.skip();
          list(body);
        }
        default -> {
          in.skip();
          error(body, RpcCode.UNIMPLEMENTED, "there are no extensions here");
        }
      }
    }
    out.bytes(ORIGINAL, request);
    return out.toBytes().concat(body.toBytes());
  }

  private static void file(ProtoWriter out, Optional<FileDescriptor> file, String otherwise) {
    if (file.isEmpty()) {
      error(out, RpcCode.NOT_FOUND, otherwise);
      return;
    }
    int mark = out.begin(FILES);
    out.bytes(1, Bytes.wrap(file.get().toProto().toByteArray()));
    out.end(mark);
  }

  private void list(ProtoWriter out) {
    int mark = out.begin(NAMES);
    for (String service : methods.services()) {
      int inner = out.begin(1);
      out.string(1, service);
      out.end(inner);
    }
    out.end(mark);
  }

  private static void error(ProtoWriter out, RpcCode code, String text) {
    int mark = out.begin(ERROR);
    out.int32(1, code.number());
    out.string(2, text);
    out.end(mark);
  }

  private Optional<FileDescriptor> fileOf(String symbol) {
    return byName.values().stream().filter(file -> defines(file, symbol)).findFirst();
  }

  private static boolean defines(FileDescriptor file, String symbol) {
    String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
    if (!symbol.startsWith(prefix)) {
      return false;
    }
    String name = symbol.substring(prefix.length());
    String first = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    return file.findMessageTypeByName(first) != null
        || file.findEnumTypeByName(first) != null
        || service(file, first, name);
  }

  private static boolean service(FileDescriptor file, String first, String name) {
    ServiceDescriptor service = file.findServiceByName(first);
    if (service == null) {
      return false;
    }
    return first.equals(name)
        || service.getMethods().stream()
            .map(MethodDescriptor::getName)
            .anyMatch(name.substring(first.length() + 1)::equals);
  }
}
