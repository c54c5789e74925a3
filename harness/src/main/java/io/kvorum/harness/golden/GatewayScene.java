// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import static java.util.stream.Collectors.joining;

import io.kvorum.harness.http.HttpCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.http.HttpStream;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.Member;
import io.kvorum.harness.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The servers that a recording of the gateway was made on, on ports that are free here. Ids follow
 * from the ports, so the recorded ones are computed as well and stand for ours.
 */
final class GatewayScene implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** How a recording's servers were started: their names by recorded client port, one behind it. */
  private record Cast(Map<Integer, String> names, String token, List<String> flags) {}

  /** A server of this run: its recorded client port, and the ports it has now. */
  private record Seat(String name, int recorded, int client, int peer) {}

  private static final Map<String, Cast> CASTS =
      Map.of(
          "3.4.23/gateway-01-kv",
          new Cast(
              Map.of(24790, "golden"),
              "golden-token",
              List.of("--max-txn-ops", "8", "--max-request-bytes", "65536")),
          "3.4.23/gateway-02-auth",
          new Cast(Map.of(24792, "golden"), "golden-token", List.of()),
          "3.4.23/gateway-03-quota",
          new Cast(
              Map.of(24794, "golden"), "golden-token", List.of("--quota-backend-bytes", "131072")),
          "3.4.23/gateway-04-cluster3",
          new Cast(Map.of(24820, "m0", 24822, "m1", 24824, "m2"), "golden3", List.of()));

  private final Cast cast;
  private final Map<String, Member> byRecordedId = new LinkedHashMap<>();

  /** Starts everything and waits until it serves. */
  GatewayScene(String recording, Distribution distribution, Path folder, GatewayNames names) {
    Cast found = CASTS.get(recording);
    if (found == null) {
      throw new IllegalArgumentException("no such recording of the gateway: " + recording);
    }
    cast = found;
    start(distribution, folder, names);
  }

  private void start(Distribution distribution, Path folder, GatewayNames names) {
    List<Seat> seats = new ArrayList<>();
    new TreeMap<>(cast.names)
        .forEach((client, name) -> seats.add(new Seat(name, client, freePort(), freePort())));
    List<Long> recordedIds = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    for (Seat seat : seats) {
      recordedIds.add(MemberIds.member(List.of(url(seat.recorded + 1)), cast.token));
      ids.add(MemberIds.member(List.of(url(seat.peer)), cast.token));
      names.put(decimal(recordedIds.getLast()), decimal(ids.getLast()));
      names.put("127.0.0.1:" + seat.recorded, "127.0.0.1:" + seat.client);
      names.put("127.0.0.1:" + (seat.recorded + 1), "127.0.0.1:" + seat.peer);
    }
    names.put(decimal(MemberIds.cluster(recordedIds)), decimal(MemberIds.cluster(ids)));
    String initial =
        seats.stream().map(seat -> seat.name + "=" + url(seat.peer)).collect(joining(","));
    for (int at = 0; at < seats.size(); at++) {
      Seat seat = seats.get(at);
      List<String> command = new ArrayList<>();
      command.add(distribution.etcd().toString());
      command.addAll(distribution.etcdArguments());
      command.addAll(arguments(seat.name, url(seat.client), url(seat.peer), initial));
      Member member =
          new Member(
              seat.name,
              command,
              Map.of(),
              folder,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), seat.client));
      byRecordedId.put(decimal(recordedIds.get(at)), member);
      member.start();
    }
    byRecordedId.values().forEach(member -> member.awaitReady(READY));
  }

  /** As recorded, with {@code cors} said: every page may use the recorded server by default. */
  private List<String> arguments(String name, String client, String peer, String initial) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--name",
                name,
                "--data-dir",
                name + ".etcd",
                "--listen-client-urls",
                client,
                "--advertise-client-urls",
                client,
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                initial,
                "--initial-cluster-token",
                cast.token,
                "--cors",
                "*"));
    arguments.addAll(cast.flags);
    return arguments;
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  private static String decimal(long id) {
    return Long.toUnsignedString(id);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Where to put a step that the member with this recorded id answered. */
  Member member(Optional<String> recordedId) {
    return recordedId
        .map(byRecordedId::get)
        .orElseGet(() -> byRecordedId.values().iterator().next());
  }

  /** Has the member with this recorded id lead. */
  void lead(String recordedId, String ourId) {
    Await.require(
        "member " + ourId + " leads",
        READY,
        () -> {
          for (Member member : byRecordedId.values()) {
            post(member, "/v3/maintenance/transfer-leadership", "{\"targetID\":\"" + ourId + "\"}");
          }
          return post(member(Optional.of(recordedId)), "/v3/maintenance/status", "{}")
              .filter(status -> status.body().contains("\"leader\":\"" + ourId + "\""))
              .isPresent();
        });
  }

  /** Kills a member and waits until another one knows of no leader. */
  void loseLeader(String killed, String other) {
    member(Optional.of(killed)).stop(Signal.KILL);
    Await.require(
        "there is no leader",
        READY,
        () ->
            post(member(Optional.of(other)), "/v3/maintenance/status", "{}")
                .filter(status -> status.body().contains("etcdserver: no leader"))
                .isPresent());
  }

  private static Optional<HttpReply> post(Member member, String path, String body) {
    try {
      return Optional.of(
          HttpStream.exchange(
              member.client(), new HttpCall("POST", path, List.of(), Optional.of(body)), ANSWER));
    } catch (IOException down) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    byRecordedId.values().forEach(Member::close);
  }
}
