// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.history.TreeAnswer;
import io.kvorum.harness.history.TreeCall;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Member;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Works on a few keys of the v2 API, with values that nobody else writes. Owned by one thread. */
final class TreeClient implements HistoryClients.Client<TreeCall, TreeAnswer> {
  private static final int KEYS = 6;

  private final int number;
  private final Random random;
  private int written;
  private String lastValue = "none";
  private long lastIndex;

  TreeClient(int number, Random random) {
    this.number = number;
    this.random = random;
  }

  @Override
  public TreeCall draw(String generation) {
    String key = "/history/" + generation + "-" + random.nextInt(KEYS);
    String value = "c" + number + "-" + written++;
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3, 4, 5 -> new TreeCall.Get(key);
      case 6, 7 -> new TreeCall.Set(key, value);
      case 8 -> new TreeCall.Create(key, value);
      case 9 -> new TreeCall.Update(key, value);
      case 10, 11 -> new TreeCall.SwapValue(key, lastValue, value);
      case 12 -> new TreeCall.SwapIndex(key, Math.max(1, lastIndex), value);
      default ->
          random.nextBoolean()
              ? new TreeCall.Delete(key)
              : new TreeCall.DeleteValue(key, lastValue);
    };
  }

  @Override
  public Optional<TreeAnswer> send(Member member, TreeCall call) throws IOException {
    String key = call.key();
    Optional<TreeAnswer> answer =
        switch (call) {
          case TreeCall.Get get -> ask(member, "GET", key + "?quorum=true", "");
          case TreeCall.Set set -> ask(member, "PUT", key, "value=" + set.value());
          case TreeCall.Create create ->
              ask(member, "PUT", key, "prevExist=false&value=" + create.value());
          case TreeCall.Update update ->
              ask(member, "PUT", key, "prevExist=true&value=" + update.value());
          case TreeCall.SwapValue swap ->
              ask(member, "PUT", key, "prevValue=" + swap.from() + "&value=" + swap.value());
          case TreeCall.SwapIndex swap ->
              ask(member, "PUT", key, "prevIndex=" + swap.from() + "&value=" + swap.value());
          case TreeCall.Delete delete -> ask(member, "DELETE", key, "");
          case TreeCall.DeleteValue delete ->
              ask(member, "DELETE", key + "?prevValue=" + delete.from(), "");
        };
    if (answer.isPresent() && answer.get() instanceof TreeAnswer.Found found) {
      lastValue = found.value();
      lastIndex = found.modified();
    }
    return answer;
  }

  private static Optional<TreeAnswer> ask(Member member, String method, String target, String form)
      throws IOException {
    HttpReply reply =
        V2.exchange(
            member, method, "/v2/keys" + target, List.of(V2.FORM), form, HistoryClients.PATIENCE);
    return switch (reply.status()) {
      case 200, 201 -> Optional.of(done(method, reply));
      case 404, 412 -> Optional.of(refused(reply));
      default -> Optional.empty(); // no leader, or no answer of one in time
    };
  }

  private static TreeAnswer done(String method, HttpReply reply) {
    Json node = Json.parse(reply.body()).get("node").orElseThrow();
    long created = node.number("createdIndex").orElseThrow();
    long modified = node.number("modifiedIndex").orElseThrow();
    if (!method.equals("GET")) {
      return new TreeAnswer.Done(created, modified);
    }
    long index = Long.parseLong(reply.header("X-Etcd-Index").orElseThrow());
    return new TreeAnswer.Found(node.string("value").orElse(""), created, modified, index);
  }

  private static TreeAnswer refused(HttpReply reply) {
    Json error = Json.parse(reply.body());
    long index = error.number("index").orElseThrow();
    long code = error.number("errorCode").orElseThrow();
    return switch ((int) code) {
      case 100 -> new TreeAnswer.Missing(index);
      case 101 -> new TreeAnswer.Differs(index);
      case 105 -> new TreeAnswer.Exists(index);
      default -> throw new AssertionError("an error that no call can get: " + reply);
    };
  }
}
