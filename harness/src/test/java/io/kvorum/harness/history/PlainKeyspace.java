// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A v3 keyspace, one call after the other; written apart from the model, to be held to it. */
final class PlainKeyspace {
  private final Map<String, TransactionAnswer.Version> keys = new HashMap<>();
  private long revision = 1;

  TransactionAnswer answer(Transaction call) {
    boolean holds = call.conditions().stream().allMatch(this::holds);
    List<TransactionAnswer.StepAnswer> said = new ArrayList<>();
    long next = revision;
    for (Transaction.Step step : holds ? call.then() : call.otherwise()) {
      Optional<TransactionAnswer.Version> there = Optional.ofNullable(keys.get(step.key()));
      switch (step) {
        case Transaction.Get get -> said.add(new TransactionAnswer.Got(there));
        case Transaction.Put put -> {
          next = revision + 1;
          long created = there.map(TransactionAnswer.Version::created).orElse(next);
          long version = there.map(TransactionAnswer.Version::version).orElse(0L) + 1;
          keys.put(put.key(), new TransactionAnswer.Version(put.value(), created, next, version));
          said.add(new TransactionAnswer.Stored());
        }
        case Transaction.Delete delete -> {
          next = there.isPresent() ? revision + 1 : next;
          keys.remove(delete.key());
          said.add(new TransactionAnswer.Removed(there.isPresent() ? 1 : 0));
        }
      }
    }
    revision = next;
    return new TransactionAnswer(revision, holds, said);
  }

  private boolean holds(Transaction.Condition condition) {
    Optional<TransactionAnswer.Version> there = Optional.ofNullable(keys.get(condition.key()));
    return switch (condition) {
      case Transaction.ValueIs is ->
          there.map(version -> version.value().equals(is.value())).orElse(false);
      case Transaction.ModifiedAt at ->
          there.map(TransactionAnswer.Version::modified).orElse(0L) == at.revision();
      case Transaction.VersionIs is ->
          there.map(TransactionAnswer.Version::version).orElse(0L) == is.version();
    };
  }
}
