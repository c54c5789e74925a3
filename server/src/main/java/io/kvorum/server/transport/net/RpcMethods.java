// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The methods of a port by name. Filled before the first call, then only read. */
public final class RpcMethods {
  private final Map<String, RpcMethod> byPath = new HashMap<>();
  private final Map<String, Integer> services = new HashMap<>();
  private final Decoration decoration;

  /** Sees every call of every method. */
  @FunctionalInterface
  public interface Decoration {
    /** {@code method} with more around it. */
    RpcMethod of(String service, String name, RpcMethod method);
  }

  /** Methods as they are. */
  public RpcMethods() {
    this((service, name, method) -> method);
  }

  /** Methods with {@code decoration} around each. */
  public RpcMethods(Decoration decoration) {
    this.decoration = decoration;
  }

  /** Adds one method, as {@code etcdserverpb.KV} and {@code Put}. */
  public RpcMethods with(String service, String name, RpcMethod method) {
    RpcMethod decorated = decoration.of(service, name, method);
    if (byPath.put("/" + service + "/" + name, decorated) != null) {
      throw new IllegalArgumentException("method " + service + "/" + name + ": is there twice");
    }
    services.merge(service, 1, Integer::sum);
    return this;
  }

  /** The services that have methods here, by name. */
  public Set<String> services() {
    return new TreeSet<>(services.keySet());
  }

  /** The method that {@code path} names, as {@code /etcdserverpb.KV/Put}. */
  public Optional<RpcMethod> find(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /** What to say of a path that names no method, as Go's gRPC server words it. */
  public RpcFault unknown(String path) {
    int slash = path.lastIndexOf('/');
    var service = slash < 1 ? "" : path.substring(1, slash);
    var name = path.substring(slash + 1);
    String text;
    if (slash < 1) {
      text = "malformed method name: " + GoQuote.quote(path);
    } else if (services.containsKey(service)) {
      text = "unknown method " + name + " for service " + service;
    } else {
      text = "unknown service " + service;
    }
    return new RpcFault(RpcCode.UNIMPLEMENTED, text);
  }
}
