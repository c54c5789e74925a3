// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.golden.MemberIds;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the guide's three hosts, or its stand-in.
 *
 * @param address what the others reach it by
 * @param local what its own clients reach it by, 127.0.0.1 on a real host
 * @param server put before a server command so that it runs on this host
 * @param commands runs client commands on this host
 * @param etcdctl the client program
 * @param dataFolder where {@code /var/lib} of this host can be seen from here
 * @param varLib what this host calls that folder
 */
record GuideHost(
    String name,
    String address,
    String local,
    GuidePorts ports,
    List<String> server,
    Commands commands,
    Path etcdctl,
    Path dataFolder,
    String varLib) {

  String peerUrl() {
    return "http://" + address + ":" + ports.peer();
  }

  String clientUrl() {
    return "http://" + address + ":" + ports.client();
  }

  String localUrl() {
    return "http://" + local + ":" + ports.client();
  }

  /** Where this host's member listens for the other hosts, without scheme. */
  String clientPort() {
    return address + ":" + ports.client();
  }

  String id(String token) {
    return Long.toHexString(MemberIds.member(List.of(peerUrl()), token));
  }

  /** Plain {@code etcdctl} with these arguments, as typed on this host. */
  CommandResult etcdctl(String... arguments) {
    List<String> command = new ArrayList<>(List.of(etcdctl.toString()));
    command.addAll(List.of(arguments));
    return commands.run(command.toArray(String[]::new));
  }
}
