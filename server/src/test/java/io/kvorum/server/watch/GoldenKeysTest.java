// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.GoTime;
import io.kvorum.harness.json.Json;
import io.kvorum.server.command.NodeView;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.StorePath;
import io.kvorum.server.command.TreeCommand;
import io.kvorum.server.command.TreeCommand.Condition;
import io.kvorum.server.command.TreeEvent;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import io.kvorum.server.tree.TreeStatistics.Counter;
import io.kvorum.server.tree.TreeStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The key space part of a conversation recorded from a genuine etcd 2.3.7, replayed on store and
 * watches alone: a restart, expiry by the recorded deadlines, every index and cause exact. Only
 * {@code ttl}, which depends on the moment of the answer, is left out.
 */
class GoldenKeysTest {

  /** Where ours is meant to differ: both wait for ever in 2.3.7. */
  private static final Set<Long> DEPARTURES = Set.of(283L, 320L);

  private static final Set<String> VOLATILE = Set.of("ttl");

  private MemoryEngine engine = new MemoryEngine(List.of(TreeStore.TABLE));
  private TreeStore store = TreeStore.open(engine);
  private TreeWatches watches = new TreeWatches(store.view());
  private final Map<String, Subscription> open = new HashMap<>();
  private int compared;

  @Test
  void everyAnswerAboutKeysIsTheRecordedOne() throws IOException {
    List<Json> steps = steps();
    boot();
    for (int i = 0; i < steps.size(); i++) {
      Json step = steps.get(i);
      expireUpTo(dateAtOrAfter(steps, i));
      switch (step.string("kind").orElseThrow()) {
        case "http" -> request(step);
        case "watch-start" -> open.put(step.string("id").orElseThrow(), begin(step));
        case "watch-end" -> {
          // Dates are whole seconds; what a watch waited for may have gone in the last one.
          boolean expiry = step.render().contains("\\\"action\\\":\\\"expire\\\"");
          expireUpTo(dateAtOrAfter(steps, i).plusSeconds(expiry ? 1 : 0));
          end(step);
        }
        case "repeat" -> {
          for (long times = step.number("times").orElseThrow(); times > 0; times--) {
            write(command(new Request(step), Optional.empty()));
          }
        }
        case "start-server" -> {
          if (!step.isTrue("fresh_data_dir")) {
            store = TreeStore.open(engine);
            watches = new TreeWatches(store.view());
            write(set("/0/members/x/attributes"));
          }
        }
        default -> {}
      }
    }
    assertTrue(compared >= 200, "only " + compared + " answers compared");
  }

  /** A fresh single member: itself, its attributes, the cluster version. */
  private void boot() {
    write(new TreeCommand.Create(Bytes.utf8("/0/members/x/raftAttributes"), false, Bytes.EMPTY, 0));
    write(set("/0/members/x/attributes"));
    write(set("/0/version"));
  }

  private static TreeCommand set(String path) {
    return new TreeCommand.Set(Bytes.utf8(path), false, Bytes.EMPTY, 0, false);
  }

  private void request(Json step) {
    Json response = step.get("response").orElseThrow();
    Optional<Json> body =
        response.string("body").filter(text -> text.startsWith("{\"")).map(Json::parse);
    if (body.flatMap(json -> json.number("errorCode")).filter(c -> !ofTheStore(c)).isPresent()) {
      return;
    }
    Request request = new Request(step);
    if (request.raw.equals("/v2/stats/store") && request.method.equals("GET")) {
      compareStatistics(step);
      return;
    }
    if (request.method.equals("PUT")
        && request.raw.startsWith("/v2/members/")
        && response.number("status").orElseThrow() == 204) {
      write(
          new TreeCommand.Update(Bytes.utf8("/0/members/x/raftAttributes"), Bytes.EMPTY, 0, false));
      return;
    }
    boolean concernsUs =
        request.raw.startsWith("/v2/keys")
            && (body.flatMap(json -> json.string("action")).isPresent()
                || body.flatMap(json -> json.number("errorCode")).isPresent());
    if (!concernsUs) {
      return;
    }
    compare(step, response.string("body").orElseThrow(), answer(request, body.get()));
    long index = Long.parseLong(header(response, "X-Etcd-Index").orElseThrow());
    assertEquals(index, store.view().index(), () -> "X-Etcd-Index of " + step.render());
  }

  private static boolean ofTheStore(long code) {
    return code < 110 || code == 401;
  }

  private String answer(Request request, Json recorded) {
    if (request.is("wait")) {
      TreeWatches.Start start =
          watches.watch(
              request.path(),
              request.is("recursive"),
              false,
              request.number("waitIndex"),
              () -> {});
      return switch (start) {
        case TreeWatches.Start.Refused(Refusal.Tree refusal) -> text(new Outcome.Refused(refusal));
        case TreeWatches.Start.Watching(Subscription watch) ->
            watch.poll().map(event -> text(new Outcome.TreeChanged(event))).orElse("");
      };
    }
    Optional<String> expiration = recorded.get("node").flatMap(node -> node.string("expiration"));
    return text(
        request.method.equals("GET")
            ? store.view().get(request.path(), request.is("recursive"), request.is("sorted"))
            : write(command(request, expiration)));
  }

  private static TreeCommand command(Request request, Optional<String> expiration) {
    Bytes path = request.path();
    long expires = expiration.map(GoTime::parse).orElse(0L);
    Condition condition = new Condition(request.value("prevValue"), request.number("prevIndex"));
    boolean conditional = !condition.equals(new Condition(Bytes.EMPTY, 0));
    boolean directory = request.is("dir");
    boolean refresh = request.is("refresh");
    Bytes value = request.value("value");
    return switch (request.method) {
      case "POST" -> new TreeCommand.CreateInOrder(path, directory, value, expires);
      case "DELETE" ->
          conditional
              ? new TreeCommand.CompareAndDelete(path, condition)
              : new TreeCommand.Delete(path, directory, request.is("recursive"));
      default -> {
        boolean exists = request.is("prevExist");
        if (request.has("prevExist") && !exists) {
          yield new TreeCommand.Create(path, directory, value, expires);
        }
        if (conditional) {
          yield new TreeCommand.CompareAndSwap(path, value, condition, expires, refresh);
        }
        yield exists
            ? new TreeCommand.Update(path, value, expires, refresh)
            : new TreeCommand.Set(path, directory, value, expires, refresh);
      }
    };
  }

  private Outcome write(TreeCommand command) {
    Batch batch = new Batch();
    Outcome outcome = store.apply(command, batch);
    engine.write(batch);
    store.publish();
    watches.publish(store.takeEvents(), store.view());
    return outcome;
  }

  private void expireUpTo(Instant now) {
    write(new TreeCommand.Expire(now.getEpochSecond() * 1_000_000_000L));
  }

  private Subscription begin(Json step) {
    Request request = new Request(step);
    TreeWatches.Start start =
        watches.watch(
            request.path(),
            request.is("recursive"),
            request.is("stream"),
            request.number("waitIndex"),
            () -> {});
    return ((TreeWatches.Start.Watching) start).subscription();
  }

  private void end(Json step) {
    Subscription watch =
        Optional.ofNullable(open.remove(step.string("id").orElseThrow())).orElseThrow();
    Json response = step.get("response").orElseThrow();
    assertEquals(
        header(response, "X-Etcd-Index").map(Long::valueOf).orElseThrow(), watch.startIndex());
    StringBuilder told = new StringBuilder();
    for (var event = watch.poll(); event.isPresent(); event = watch.poll()) {
      told.append(text(new Outcome.TreeChanged(event.get()))).append('\n');
    }
    watch.close();
    compare(step, response.string("body").orElse(""), told.toString());
  }

  private void compare(Json step, String recorded, String ours) {
    if (DEPARTURES.contains(step.number("n").orElseThrow())) {
      return;
    }
    compared++;
    assertEquals(comparable(recorded), comparable(ours), step::render);
  }

  private void compareStatistics(Json step) {
    Json recorded = Json.parse(step.get("response").orElseThrow().string("body").orElseThrow());
    for (Counter counter : Counter.all()) {
      if (counter != Counter.GETS_SUCCESS && counter != Counter.GETS_FAIL) {
        assertEquals(
            recorded.number(counter.key()).orElseThrow(),
            store.view().statistics().get(counter),
            () -> counter + " in " + step.render());
      }
    }
  }

  private static String comparable(String lines) {
    return String.join(
        "\n", lines.lines().map(line -> comparable(Json.parse(line)).render()).toList());
  }

  /** Without what is volatile, and with {@code nodes} by key. */
  private static Json comparable(Json value) {
    return switch (value) {
      case Json.Obj(var members) ->
          new Json.Obj(
              members.stream()
                  .filter(member -> !VOLATILE.contains(member.name()))
                  .map(member -> new Json.Member(member.name(), comparable(member.value())))
                  .toList());
      case Json.Arr(var items) ->
          new Json.Arr(
              items.stream()
                  .map(GoldenKeysTest::comparable)
                  .sorted(Comparator.comparing(item -> item.string("key").orElse("")))
                  .toList());
      case Json.Text text -> Json.text(text.value());
      case Json.Scalar scalar -> scalar;
    };
  }

  // --- the edge's part, in short ---

  private static String text(Outcome outcome) {
    GoJson json = new GoJson().beginObject();
    switch (outcome) {
      case Outcome.TreeChanged(TreeEvent event) -> {
        json.name("action").value(event.action().text()).name("node");
        node(json, event.node(), event.action() == TreeEvent.Action.EXPIRE);
        event.previous().ifPresent(previous -> node(json.name("prevNode"), previous, false));
      }
      case Outcome.Refused(Refusal.Tree(var code, var cause, var index)) -> {
        json.name("errorCode").value(code.number());
        json.name("message").value(message(code));
        Bytes shown = code == Refusal.Tree.Code.COMPARE_FAILED ? cause : cut(cause);
        if (!shown.isEmpty()) {
          json.name("cause").value(shown);
        }
        json.name("index").value(index);
      }
      default -> throw new AssertionError(outcome);
    }
    return json.endObject().toString();
  }

  private static String message(Refusal.Tree.Code code) {
    return switch (code) {
      case KEY_NOT_FOUND -> "Key not found";
      case COMPARE_FAILED -> "Compare failed";
      case NOT_A_FILE -> "Not a file";
      case NOT_A_DIRECTORY -> "Not a directory";
      case KEY_EXISTS -> "Key already exists";
      case ROOT_READ_ONLY -> "Root is read only";
      case DIRECTORY_NOT_EMPTY -> "Directory not empty";
      case EVENT_INDEX_CLEARED -> "The event in requested index is outdated and cleared";
    };
  }

  private static void node(GoJson json, NodeView view, boolean expired) {
    json.beginObject();
    Bytes key = cut(view.key());
    if (!key.isEmpty()) {
      json.name("key").value(key);
    }
    view.value().ifPresent(value -> json.name("value").value(value));
    if (view.directory() && !expired) {
      json.name("dir").value(true);
    }
    if (view.expiresAt() != 0) {
      json.name("expiration").value(GoTime.format(view.expiresAt()));
    }
    if (!view.children().isEmpty()) {
      json.name("nodes").beginArray();
      view.children().forEach(child -> node(json, child, false));
      json.endArray();
    }
    if (view.modifiedIndex() != 0) {
      json.name("modifiedIndex").value(view.modifiedIndex());
      json.name("createdIndex").value(view.createdIndex());
    }
    json.endObject();
  }

  private static Bytes cut(Bytes path) {
    Bytes keys = Bytes.utf8("/1");
    return path.startsWith(keys) ? path.slice(2, path.length()) : path;
  }

  private static final class Request {
    final String method;
    final String raw;
    private final Map<String, Bytes> parameters = new HashMap<>();

    Request(Json step) {
      Json request = step.get("request").orElseThrow();
      method = request.string("method").orElseThrow();
      String target = request.string("path").orElseThrow();
      int query = target.indexOf('?');
      raw = query < 0 ? target : target.substring(0, query);
      // A DELETE's body is not looked at.
      Json fields = method.equals("DELETE") ? Json.text("") : request;
      if (fields.get("form").orElse(null) instanceof Json.Obj(var members)) {
        members.forEach(member -> field(member.name(), member.value()));
      }
      for (Json pair : fields.items("form")) {
        if (pair instanceof Json.Arr(var items) && items.getFirst() instanceof Json.Text name) {
          field(name.value(), items.getLast());
        }
      }
      boolean form =
          request
              .get("headers")
              .flatMap(headers -> headers.string("Content-Type"))
              .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
              .isPresent();
      if (form) {
        pairs(request.string("body").orElse(""));
      }
      if (query >= 0) {
        pairs(target.substring(query + 1));
      }
    }

    private void field(String name, Json value) {
      parameters.putIfAbsent(name, Bytes.utf8(((Json.Text) value).value()));
    }

    private void pairs(String text) {
      for (String pair : text.split("&")) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        parameters.putIfAbsent(name, unescape(value, true));
      }
    }

    Bytes path() {
      Bytes below = unescape(raw.substring("/v2/keys".length()), false);
      return StorePath.clean(Bytes.utf8("/1/").concat(below));
    }

    boolean has(String name) {
      return parameters.containsKey(name);
    }

    Bytes value(String name) {
      return parameters.getOrDefault(name, Bytes.EMPTY);
    }

    boolean is(String name) {
      return Set.of("1", "t", "T", "true", "TRUE", "True").contains(value(name).utf8());
    }

    long number(String name) {
      return has(name) ? Long.parseUnsignedLong(value(name).utf8()) : 0;
    }

    private static Bytes unescape(String text, boolean query) {
      byte[] in = text.getBytes(StandardCharsets.UTF_8);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int i = 0; i < in.length; i++) {
        if (in[i] == '%') {
          out.write(Integer.parseInt(new String(in, i + 1, 2, StandardCharsets.US_ASCII), 16));
          i += 2;
        } else {
          out.write(query && in[i] == '+' ? ' ' : in[i]);
        }
      }
      return Bytes.wrap(out.toByteArray());
    }
  }

  // --- the recording ---

  private static Optional<String> header(Json response, String name) {
    for (Json pair : response.items("headers")) {
      if (pair instanceof Json.Arr(var items)
          && items.getFirst().equals(Json.text(name))
          && items.getLast() instanceof Json.Text text) {
        return Optional.of(text.value());
      }
    }
    return Optional.empty();
  }

  /** A watch was answered, headers and date, when it began: what ended it lies between. */
  private static Instant dateAtOrAfter(List<Json> steps, int from) {
    for (int i = from; i < steps.size(); i++) {
      Optional<String> date =
          steps.get(i).string("kind").equals(Optional.of("http"))
              ? steps.get(i).get("response").flatMap(response -> header(response, "Date"))
              : Optional.empty();
      if (date.isPresent()) {
        return ZonedDateTime.parse(date.get(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      }
    }
    return Instant.EPOCH;
  }

  private static List<Json> steps() throws IOException {
    try (InputStream in =
        Json.class.getResourceAsStream("/io/kvorum/harness/golden/2.3.7/01-http-single.jsonl")) {
      List<Json> steps = new ArrayList<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> steps.add(Json.parse(line)));
      return steps;
    }
  }
}
