// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.mvcc;

import io.kvorum.server.command.KeyspaceCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.RangeQuery;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.MemoryEngine;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A keyspace in memory; each command is a round of its own. */
final class LoneKeyspace {

  final Set<Long> leases = new HashSet<>();
  final MemoryEngine engine = new MemoryEngine(Keyspace.tables());
  Keyspace keyspace = Keyspace.open(engine);

  Outcome apply(KeyspaceCommand command) {
    Batch batch = new Batch();
    Outcome outcome = keyspace.apply(command, leases::contains, batch);
    finish(batch);
    return outcome;
  }

  long revoke(long lease) {
    Batch batch = new Batch();
    long deleted = keyspace.deleteAttached(lease, batch);
    finish(batch);
    return deleted;
  }

  Outcome range(RangeQuery query) {
    return keyspace.read(view -> view.range(query));
  }

  Outcome hash(long at) {
    return keyspace.read(view -> view.hash(at));
  }

  /** Carries compactions out, a few records at a time; how many steps that took. */
  int removeCompacted() {
    int steps = 0;
    Optional<CompactionStep> step = keyspace.read(view -> view.nextCompactionStep(2));
    while (step.isPresent()) {
      Batch batch = new Batch();
      keyspace.carryOut(step.get(), batch);
      finish(batch);
      steps++;
      step = keyspace.read(view -> view.nextCompactionStep(2));
    }
    return steps;
  }

  void restart() {
    keyspace.close();
    keyspace = Keyspace.open(engine);
  }

  private void finish(Batch batch) {
    engine.write(batch);
    keyspace.publish();
  }
}
