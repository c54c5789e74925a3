// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import java.util.Locale;

/** Who we say we are. */
final class ServerVersion {

  /** The etcd release whose API is served: what {@code /version} says, digits and dots only. */
  static final String API = "3.7.1";

  private ServerVersion() {}

  /** The release of Kvorum itself. */
  static String own() {
    String version = ServerVersion.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** What {@code etcd --version} prints. */
  static String report() {
    return "etcd Version: "
        + API
        + "\nKvorum Version: "
        + own()
        + "\nJVM: "
        + System.getProperty("java.vm.name")
        + " "
        + System.getProperty("java.vm.version")
        + "\nOS/Arch: "
        + System.getProperty("os.name").toLowerCase(Locale.ROOT)
        + "/"
        + System.getProperty("os.arch")
        + "\n";
  }
}
