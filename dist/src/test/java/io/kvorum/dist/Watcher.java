// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Await;
import io.kvorum.harness.process.Member;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One thread that watches a key, and all below it, as a careful client does: it asks for what
 * follows the last event it saw, of another member when one fails it, and when the history no
 * longer has that (error 401) it reads the key again and goes on behind what it read. Safe for use
 * by several threads.
 */
final class Watcher implements AutoCloseable {
  private static final Duration HEADER = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** How the events are asked for: one per request, or as many as come. */
  enum Form {
    POLL,
    STREAM
  }

  /** One event, as far as all members must show it alike. */
  record Event(long index, String action, String key, String value) {}

  /** Indexes that error 401 took away from this watcher, both included. */
  record Gap(long from, long to) {
    boolean has(long index) {
      return from <= index && index <= to;
    }
  }

  private final String name;
  private final String key;
  private final Form form;
  private final List<Member> members;
  private final Random random;
  private final Runnable rest;
  private final Thread thread;
  private final List<Event> events = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private Optional<InputStream> open = Optional.empty();
  private long next;
  private int reconnects;
  private volatile boolean stopping;

  /**
   * Starts at once.
   *
   * @param next index of the first event it must see
   * @param rest done before each request
   */
  Watcher(
      String name,
      String key,
      Form form,
      List<Member> members,
      long next,
      long seed,
      Runnable rest) {
    this.name = name;
    this.key = key;
    this.form = form;
    this.members = List.copyOf(members);
    this.next = next;
    this.rest = rest;
    random = new Random(seed);
    thread = Thread.ofPlatform().name(name).start(this::watch);
  }

  private void watch() {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build()) {
      while (!stopping) {
        Member member = members.get(random.nextInt(members.size()));
        try {
          follow(client, member);
        } catch (IOException | UncheckedIOException e) {
          count(); // killed, or down: another one, or the same again
          Await.pause(PAUSE);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          stopping = true;
        }
      }
      client.shutdownNow();
    }
  }

  private synchronized void count() {
    reconnects++;
  }

  /** One stream to its end; or long polls to the same member as long as it answers. */
  private void follow(HttpClient client, Member member) throws IOException, InterruptedException {
    do {
      rest.run();
      String query = "?wait=true&recursive=true&waitIndex=" + awaited();
      HttpResponse<InputStream> reply =
          ask(client, member, query + (form == Form.STREAM ? "&stream=true" : ""));
      try (InputStream body = hold(reply.body())) {
        if (reply.statusCode() == 200) {
          take(body);
        } else {
          String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
          refused(client, member, reply.statusCode(), text);
        }
      }
    } while (!stopping && form == Form.POLL);
  }

  private HttpResponse<InputStream> ask(HttpClient client, Member member, String query)
      throws IOException, InterruptedException {
    String authority = member.client().getHostString() + ":" + member.client().getPort();
    URI uri = URI.create("http://" + authority + "/v2/keys" + key + query);
    return client.send(
        HttpRequest.newBuilder(uri).timeout(HEADER).build(),
        HttpResponse.BodyHandlers.ofInputStream());
  }

  private synchronized InputStream hold(InputStream body) throws IOException {
    open = Optional.of(body);
    if (stopping) {
      body.close();
    }
    return body;
  }

  private void take(InputStream body) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Json event = Json.parse(line);
      Json node = event.get("node").orElseThrow();
      add(
          new Event(
              node.number("modifiedIndex").orElseThrow(),
              event.string("action").orElseThrow(),
              node.string("key").orElseThrow(),
              node.string("value").orElse("")));
    }
  }

  private synchronized void add(Event event) {
    events.add(event);
    next = event.index() + 1;
  }

  private void refused(HttpClient client, Member member, int status, String body)
      throws IOException, InterruptedException {
    if (status != 400 || !body.contains("\"errorCode\":401")) {
      throw new IOException(status + " " + body);
    }
    HttpResponse<InputStream> reply = ask(client, member, "?recursive=true");
    try (InputStream tree = hold(reply.body())) {
      tree.readAllBytes();
    }
    long read = reply.headers().firstValueAsLong("X-Etcd-Index").orElseThrow();
    synchronized (this) {
      gaps.add(new Gap(next, read));
      next = read + 1;
    }
  }

  private synchronized long awaited() {
    return next;
  }

  String name() {
    return name;
  }

  Form form() {
    return form;
  }

  /** What it saw, in the order in which it came. */
  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** What it was told that it cannot see, in order. */
  synchronized List<Gap> gaps() {
    return List.copyOf(gaps);
  }

  /** How often a connection failed it. */
  synchronized int reconnects() {
    return reconnects;
  }

  /** Waits until it has seen, or was told to have missed, everything up to that index. */
  void awaitIndex(long index) {
    Await.require(
        "%s sees index %d".formatted(name, index), Duration.ofSeconds(30), () -> awaited() > index);
  }

  @Override
  public void close() {
    stopping = true;
    synchronized (this) {
      open.ifPresent(Watcher::abandon);
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void abandon(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
