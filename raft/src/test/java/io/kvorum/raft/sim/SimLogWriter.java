// SPDX-License-Identifier: Apache-2.0
package io.kvorum.raft.sim;

import io.kvorum.raft.Effects;
import io.kvorum.raft.Input;
import java.util.ArrayList;
import java.util.List;

/**
 * The thread that owns a member's log: it takes whatever has queued up, writes it, syncs once, lets
 * the messages out that waited, and reports. Meanwhile more queues up.
 */
final class SimLogWriter {

  private record Job(Effects effects, List<StoreState> snapshots) {

    boolean touchesDisk() {
      return effects.hardState().isPresent()
          || !effects.entries().isEmpty()
          || !snapshots.isEmpty();
    }

    boolean mustSync() {
      return effects.mustSync() || !snapshots.isEmpty();
    }
  }

  private final SimNode node;
  private List<Job> queue = new ArrayList<>();
  private boolean busy;

  SimLogWriter(SimNode node) {
    this.node = node;
  }

  void add(Effects effects, List<StoreState> snapshots) {
    Job job = new Job(effects, snapshots);
    if (!busy && queue.isEmpty() && !job.touchesDisk()) {
      effects.afterPersist().forEach(node::send);
    } else if (job.touchesDisk() || !effects.afterPersist().isEmpty()) {
      queue.add(job);
      begin();
    }
  }

  private void begin() {
    if (busy || queue.isEmpty()) {
      return;
    }
    busy = true;
    List<Job> batch = queue;
    queue = new ArrayList<>();
    batch.forEach(job -> node.disk.write(job.effects, job.snapshots));
    boolean sync = batch.stream().anyMatch(Job::mustSync);
    if (batch.size() > 1) {
      node.world.counts.add(Count.GROUP_COMMITS);
    }
    node.later(sync ? syncMicros() : 20, () -> finish(batch, sync));
  }

  private void finish(List<Job> batch, boolean sync) {
    busy = false;
    if (sync) {
      node.disk.sync();
    }
    for (Job job : batch) {
      job.effects.afterPersist().forEach(node::send);
    }
    if (sync) {
      long last =
          batch.stream()
              .filter(Job::mustSync)
              .mapToLong(job -> job.effects.batch())
              .max()
              .orElse(0);
      // The report takes its own way back to the core: more may happen before it arrives.
      node.later(node.world.random.nextLong(200), () -> node.step(new Input.Persisted(last)));
      node.applier().begin();
    }
    begin();
  }

  private long syncMicros() {
    if (node.world.network.isPerfect()) {
      return 500;
    }
    double slow = node.diskSlowness() * (0.5 + node.world.random.nextExponential());
    return 1 + (long) Math.min(node.world.profile.syncMicros() * slow, 3 * World.SECONDS);
  }
}
