// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import io.kvorum.harness.history.Transaction;
import io.kvorum.harness.history.TransactionAnswer;
import io.kvorum.harness.http.Header;
import io.kvorum.harness.http.HttpReply;
import io.kvorum.harness.json.Json;
import io.kvorum.harness.process.Member;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Moves amounts between the two accounts of a pair by v3 transactions over the JSON gateway: read
 * both, then write both if neither changed. Owned by one thread.
 */
final class TransactionClient implements HistoryClients.Client<Transaction, TransactionAnswer> {
  private static final int PAIRS = 4;
  private static final Header JSON = new Header("Content-Type", "application/json");

  private final int number;
  private final Random random;
  private final Map<String, Long> revisions = new HashMap<>();
  private int written;

  TransactionClient(int number, Random random) {
    this.number = number;
    this.random = random;
  }

  @Override
  public Transaction draw(String generation) {
    String pair = "accounts/" + generation + "/" + random.nextInt(PAIRS);
    String one = pair + "/one";
    String other = pair + "/other";
    List<Transaction.Step> look = List.of(new Transaction.Get(one), new Transaction.Get(other));
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> new Transaction(List.of(), look, List.of());
      case 3 -> Transaction.of(new Transaction.Delete(random.nextBoolean() ? one : other));
      case 4 -> Transaction.of(new Transaction.Put(one, value()));
      default ->
          new Transaction(
              List.of(
                  new Transaction.ModifiedAt(one, revisions.getOrDefault(one, 0L)),
                  new Transaction.ModifiedAt(other, revisions.getOrDefault(other, 0L))),
              List.of(new Transaction.Put(one, value()), new Transaction.Put(other, value())),
              look);
    };
  }

  private String value() {
    return "c" + number + "-" + written++;
  }

  @Override
  public Optional<TransactionAnswer> send(Member member, Transaction call) throws IOException {
    String body =
        "{\"compare\":[%s],\"success\":[%s],\"failure\":[%s]}"
            .formatted(
                call.conditions().stream()
                    .map(TransactionClient::json)
                    .collect(Collectors.joining(",")),
                steps(call.then()),
                steps(call.otherwise()));
    HttpReply reply =
        V2.exchange(member, "POST", "/v3/kv/txn", List.of(JSON), body, HistoryClients.PATIENCE);
    return reply.status() == 200
        ? Optional.of(answer(call, Json.parse(reply.body())))
        : Optional.empty();
  }

  private static String json(Transaction.Condition condition) {
    String rest =
        switch (condition) {
          case Transaction.ValueIs is -> "\"target\":\"VALUE\",\"value\":" + text(is.value());
          case Transaction.ModifiedAt at ->
              "\"target\":\"MOD\",\"mod_revision\":\"" + at.revision() + "\"";
          case Transaction.VersionIs is ->
              "\"target\":\"VERSION\",\"version\":\"" + is.version() + "\"";
        };
    return "{\"key\":%s,\"result\":\"EQUAL\",%s}".formatted(text(condition.key()), rest);
  }

  private static String steps(List<Transaction.Step> steps) {
    return steps.stream().map(TransactionClient::json).collect(Collectors.joining(","));
  }

  private static String json(Transaction.Step step) {
    return switch (step) {
      case Transaction.Get get -> "{\"request_range\":{\"key\":%s}}".formatted(text(get.key()));
      case Transaction.Put put ->
          "{\"request_put\":{\"key\":%s,\"value\":%s}}"
              .formatted(text(put.key()), text(put.value()));
      case Transaction.Delete delete ->
          "{\"request_delete_range\":{\"key\":%s}}".formatted(text(delete.key()));
    };
  }

  private static String text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return '"' + Base64.getEncoder().encodeToString(bytes) + '"';
  }

  private TransactionAnswer answer(Transaction call, Json reply) {
    boolean succeeded = reply.isTrue("succeeded");
    List<Transaction.Step> done = succeeded ? call.then() : call.otherwise();
    List<Json> said = reply.items("responses");
    List<TransactionAnswer.StepAnswer> steps = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      Json one = said.get(i);
      steps.add(
          switch (done.get(i)) {
            case Transaction.Get get -> got(get.key(), one.get("response_range").orElseThrow());
            case Transaction.Put put ->
                one.get("response_put").map(stored -> new TransactionAnswer.Stored()).orElseThrow();
            case Transaction.Delete delete ->
                new TransactionAnswer.Removed(
                    number(one.get("response_delete_range").orElseThrow(), "deleted"));
          });
    }
    long revision = number(reply.get("header").orElseThrow(), "revision");
    return new TransactionAnswer(revision, succeeded, steps);
  }

  private TransactionAnswer.Got got(String key, Json range) {
    Optional<TransactionAnswer.Version> version =
        range.items("kvs").stream().findFirst().map(TransactionClient::version);
    revisions.put(key, version.map(TransactionAnswer.Version::modified).orElse(0L));
    return new TransactionAnswer.Got(version);
  }

  private static TransactionAnswer.Version version(Json kv) {
    byte[] value = Base64.getDecoder().decode(kv.string("value").orElse(""));
    return new TransactionAnswer.Version(
        new String(value, StandardCharsets.UTF_8),
        number(kv, "create_revision"),
        number(kv, "mod_revision"),
        number(kv, "version"));
  }

  /** The gateway writes long numbers as strings, and leaves zeros out. */
  private static long number(Json object, String name) {
    return object.string(name).map(Long::parseLong).orElse(0L);
  }
}
