// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.golden;

import io.kvorum.harness.json.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * On which loopback addresses a recording is replayed. The recorded ones when they are free, else
 * others of the form {@code 127.a.b.x} with the recorded ports. Member and cluster ids follow from
 * the URLs, so they are recomputed; a plan is only taken when every id has as many digits as the
 * recorded one and sorts into the same place: then lengths and orders in the recording stay true.
 *
 * @param replacements recorded text to replayed text; empty for the recorded addresses
 */
record AddressPlan(Map<String, String> replacements) {
  private static final Pattern ADDRESS =
      Pattern.compile("127\\.0\\.0\\.(\\d+):(23790|2380\\d|248\\d\\d)");
  private static final Pattern REFUSED =
      Pattern.compile("dial tcp ([0-9.]+:\\d+): connect: connection refused");
  private static final Pattern INITIAL = Pattern.compile("([^,=]+)=(http://[^,]+)");

  AddressPlan {
    replacements = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(replacements));
  }

  /** The recorded addresses. */
  static AddressPlan recorded() {
    return new AddressPlan(Map.of());
  }

  /**
   * The first plan whose addresses nobody listens on.
   *
   * @throws IllegalStateException when none is free, or when somebody listens where the recording
   *     found nobody, for example on the client's default ports
   */
  static AddressPlan choose(String transcript) {
    List<String> lines = Transcript.lines(transcript);
    requireNobodyElse(lines);
    TreeSet<String> addresses = new TreeSet<>();
    lines.forEach(line -> ADDRESS.matcher(line).results().forEach(m -> addresses.add(m.group())));
    return IntStream.range(0, 100)
        .mapToObj(i -> plan(lines, i / 10, i % 10))
        .filter(plan -> plan.keepsShape() && plan.isFree(addresses))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no free addresses for " + transcript));
  }

  private static void requireNobodyElse(List<String> lines) {
    lines.stream()
        .flatMap(line -> REFUSED.matcher(line).results())
        .map(match -> match.group(1))
        .filter(address -> !ADDRESS.matcher(address).matches())
        .distinct()
        .forEach(AddressPlan::requireNobody);
  }

  private static void requireNobody(String address) {
    try (Socket probe = new Socket()) {
      probe.connect(address(address), 1000);
    } catch (IOException e) {
      return;
    }
    throw new IllegalStateException(
        "somebody listens on %s, where the recording found nobody: stop that program first"
            .formatted(address));
  }

  /** The plan with the prefix {@code 127.a.b.}; 0 and 0 are the recorded addresses. */
  static AddressPlan plan(List<String> lines, int a, int b) {
    String prefix = "127.%d.%d.".formatted(a, b);
    if (a == 0 && b == 0) {
      return recorded();
    }
    Map<String, String> replacements = new LinkedHashMap<>();
    Map<Long, Long> ids = new TreeMap<>(Long::compareUnsigned);
    initialMembers(lines)
        .forEach(
            (url, token) ->
                ids.put(
                    MemberIds.member(List.of(url), token),
                    MemberIds.member(List.of(url.replace("127.0.0.", prefix)), token)));
    replacements.put(
        Long.toHexString(MemberIds.cluster(ids.keySet())),
        Long.toHexString(MemberIds.cluster(ids.values())));
    ids.forEach((was, is) -> replacements.put(Long.toHexString(was), Long.toHexString(is)));
    ids.forEach(
        (was, is) -> replacements.put(Long.toUnsignedString(was), Long.toUnsignedString(is)));
    replacements.put("127.0.0.", prefix);
    return new AddressPlan(replacements);
  }

  /** Peer URL to token, from the first server start of the recording. */
  private static Map<String, String> initialMembers(List<String> lines) {
    List<String> argv =
        lines.stream()
            .map(Json::parse)
            .filter(line -> line.string("kind").orElse("").equals("start-server"))
            .findFirst()
            .orElseThrow()
            .strings("argv");
    int tokenAt = argv.indexOf("--initial-cluster-token");
    String token = tokenAt < 0 ? "etcd-cluster" : argv.get(tokenAt + 1);
    Map<String, String> members = new TreeMap<>();
    Matcher matcher = INITIAL.matcher(argv.get(argv.indexOf("--initial-cluster") + 1));
    matcher.results().forEach(m -> members.put(m.group(2), token));
    return members;
  }

  private boolean keepsShape() {
    List<Map.Entry<String, String>> ids = new ArrayList<>(replacements.entrySet());
    ids.removeIf(e -> e.getKey().startsWith("127."));
    boolean sameLengths = ids.stream().allMatch(e -> e.getKey().length() == e.getValue().length());
    List<String> members =
        ids.stream()
            .skip(1)
            .filter(e -> e.getKey().length() == 16)
            .map(Map.Entry::getValue)
            .toList();
    return sameLengths && members.equals(members.stream().sorted().toList());
  }

  private boolean isFree(TreeSet<String> addresses) {
    return addresses.stream().map(this::apply).allMatch(AddressPlan::isFree);
  }

  /** Whether nobody listens there. */
  static boolean isFree(String address) {
    InetSocketAddress socketAddress = address(address);
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(socketAddress);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** {@code host:port}, with or without scheme, as a socket address. */
  static InetSocketAddress address(String url) {
    String address = url.replaceFirst("^https?://", "");
    int colon = address.lastIndexOf(':');
    return new InetSocketAddress(
        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  /** Puts the replayed addresses and ids in the place of the recorded ones. */
  String apply(String text) {
    String applied = text;
    for (Map.Entry<String, String> replacement : replacements.entrySet()) {
      applied =
          replacement.getKey().equals("127.0.0.")
              ? ADDRESS.matcher(applied).replaceAll(replacement.getValue() + "$1:$2")
              : applied.replace(replacement.getKey(), replacement.getValue());
    }
    return applied;
  }
}
