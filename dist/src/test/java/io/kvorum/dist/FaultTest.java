// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kvorum.harness.history.IndexOrder;
import io.kvorum.harness.history.KeyspaceModel;
import io.kvorum.harness.history.LinearizabilityCheck;
import io.kvorum.harness.history.Model;
import io.kvorum.harness.history.Operation;
import io.kvorum.harness.history.Transaction;
import io.kvorum.harness.history.TransactionAnswer;
import io.kvorum.harness.history.TreeAnswer;
import io.kvorum.harness.history.TreeCall;
import io.kvorum.harness.history.TreeKeyModel;
import io.kvorum.harness.history.Verdict;
import io.kvorum.harness.process.CommandResult;
import io.kvorum.harness.process.Commands;
import io.kvorum.harness.process.Distribution;
import io.kvorum.harness.process.ProcessFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real members on hosts, disks and clocks of their own that go wrong, under clients of both APIs;
 * then every answer that they got must be explained by one order of all calls.
 *
 * <p>{@code -Dminutes=} says how long at least (3; every kind of fault comes once in any case),
 * {@code -Dmembers=} how many (3), {@code -Dgenuine=} how many of them are etcd 3.4 (0), {@code
 * -Dloopback=true} does without hosts; {@code -Dseed=} which faults: threads and processes are
 * free, so a seed repeats the faults, not the run.
 */
class FaultTest {
  private static final Duration PROGRESS = Duration.ofSeconds(60);

  /** However long the deck takes on a slow machine. */
  private static final Duration DECK = Duration.ofMinutes(12);

  @TempDir private Path folder;

  @Test
  void everyAnswerIsExplainedByOneOrder() throws IOException {
    boolean onHosts = canMakeHosts();
    long seed = Long.getLong("seed", System.nanoTime());
    int genuine = Integer.getInteger("genuine", 0);
    int size = Integer.getInteger("members", 3);
    String run = "-Dmembers=%d -Dgenuine=%d -Dseed=%d".formatted(size, genuine, seed);
    System.out.println("fault test: " + run);
    Distribution ours = DistributionUnderTest.find();
    List<Distribution> programs = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      programs.add(i < size - genuine ? ours : GenuineEtcd.findOrSkip());
    }
    try (FaultCluster cluster = new FaultCluster(folder, programs, ours, onHosts)) {
      try {
        cluster.start();
        play(run, cluster, new Random(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(run + ": " + e + "\n" + cluster.story(), e);
      }
    }
  }

  private void play(String run, FaultCluster cluster, Random random) throws IOException {
    Faults faults = new Faults(cluster, random);
    if (!cluster.hasClock(1)) {
      System.err.println("### fault test: no libfaketime, so no clock jumps here");
    }
    if (cluster.network().isReal() && !cluster.network().emulates()) {
      System.err.println(
          "### fault test: this kernel has no netem, so a slow link is a narrow one");
    }
    List<Operation<TreeCall, TreeAnswer>> tree;
    List<Operation<Transaction, TransactionAnswer>> transactions;
    try (var trees =
            new HistoryClients<TreeCall, TreeAnswer>(
                cluster.members(), 5, random.nextLong(), TreeClient::new);
        var keyspaces =
            new HistoryClients<Transaction, TransactionAnswer>(
                cluster.members(), 4, random.nextLong(), TransactionClient::new)) {
      long start = System.nanoTime();
      long end = start + Duration.ofMinutes(Integer.getInteger("minutes", 3)).toNanos();
      while (System.nanoTime() < end
          || (!faults.missing().isEmpty() && System.nanoTime() < start + DECK.toNanos())) {
        long before = System.nanoTime();
        Faults.Kind kind = faults.next();
        trees.awaitProgress(PROGRESS);
        keyspaces.awaitProgress(PROGRESS);
        System.out.printf(
            "fault test: %s, well again after %d ms%n",
            kind, (System.nanoTime() - before) / 1_000_000);
      }
      tree = trees.stop();
      transactions = keyspaces.stop();
    }
    System.out.println("fault test: " + faults);
    judge(run, new TreeKeyModel(tree), tree);
    judge(run, new KeyspaceModel(transactions), transactions);
    assertEquals(
        Optional.empty(),
        IndexOrder.violation(
            tree.stream().flatMap(operation -> IndexOrder.stamp(operation).stream()).toList()),
        run);
    assertEquals(List.of(), faults.missing(), run + ": faults that never came");
    TreeComparison.requireEqual(cluster.members(), 50);
  }

  /** A history that can not be explained is kept, for it does not come back. */
  private static <S, C, A> void judge(
      String run, Model<S, C, A> model, List<Operation<C, A>> history) throws IOException {
    long known = history.stream().filter(operation -> operation.outcome().isPresent()).count();
    Verdict verdict = new LinearizabilityCheck<>(model).check(history);
    System.out.printf(
        "fault test: %d calls, %d of unknown fate: %s%n",
        history.size(), history.size() - known, verdict);
    if (!verdict.isGood()) {
      Path kept = Files.createTempFile(Path.of("target"), "history-", ".txt");
      Files.write(kept, history.stream().map(Object::toString).toList());
      throw new AssertionError(run + ": " + verdict + "\nthe whole history is in " + kept);
    }
    assertTrue(known > 200, run + ": hardly any load");
  }

  private boolean canMakeHosts() {
    if (Boolean.getBoolean("loopback")) {
      return false;
    }
    Optional<String> refusal =
        NamespaceStage.refusal(folder).or(() -> FaultDisk.refusal(folder)).or(this::noTables);
    refusal.ifPresent(
        why ->
            System.err.println(
                """
                ######################################################################
                # ONLY IN PART: real members under faults. This machine does not permit
                # network namespaces, nft or disks of our own, so members share its
                # loopback addresses and its disk, and only processes, clocks and files
                # are hurt: no cuts, no lost packets, no full or slow disks. Run it as
                # root for the whole. Reason:
                # %s
                ######################################################################\
                """
                    .formatted(why)));
    return refusal.isEmpty();
  }

  private Optional<String> noTables() {
    try {
      CommandResult listed = new Commands(List.of(), Map.of(), folder).run("nft", "list", "tables");
      return listed.exit() == 0 ? Optional.empty() : Optional.of(listed.output());
    } catch (ProcessFailure e) {
      return Optional.of(e.toString());
    }
  }
}
