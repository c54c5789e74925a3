// SPDX-License-Identifier: Apache-2.0
package io.kvorum.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kvorum.harness.process.Distribution;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's guide, word for word, on two kinds of stage. */
class GuideTest {
  @TempDir private Path folder;

  @Test
  void theGuideRunsOnThreeHostsWithItsOwnAddresses() {
    Optional<String> refusal = NamespaceStage.refusal(folder);
    refusal.ifPresent(
        why ->
            System.err.println(
                """
                ######################################################################
                # SKIPPED: the guide on three hosts of its own. This machine does not
                # permit network namespaces, so only the run on loopback addresses
                # counts here. Run it as root where `ip netns add` works. Reason:
                # %s
                ######################################################################\
                """
                    .formatted(why)));
    Assumptions.assumeTrue(refusal.isEmpty(), "no network namespaces: " + refusal.orElse(""));
    Distribution distribution = DistributionUnderTest.find();
    try (NamespaceStage stage = NamespaceStage.open(distribution, folder)) {
      List<String> ids = stage.hosts().stream().map(host -> host.id("mytoken")).toList();
      assertEquals(List.of("b22cf29c2bebb484", "b19e62a463d4b18e", "7bf3dc7e1bfc9229"), ids);
      run(stage, distribution);
    }
  }

  @Test
  void theGuideRunsOnLoopbackAddresses() {
    Distribution distribution = DistributionUnderTest.find();
    try (LoopbackStage stage = new LoopbackStage(distribution, folder)) {
      run(stage, distribution);
    }
  }

  private void run(GuideStage stage, Distribution distribution) {
    play(GuideCluster.byConfigurationFile(stage, distribution), stage, GuideStory::firstSteps);
    play(
        GuideCluster.byCommandLine(stage, distribution),
        stage,
        story -> {
          story.firstSteps();
          story.leadersGo();
          story.oneThenTwoMembersDown();
          story.traffic();
        });
  }

  private static void play(GuideCluster cluster, GuideStage stage, Consumer<GuideStory> chapters) {
    try (cluster) {
      try {
        chapters.accept(new GuideStory(stage, cluster));
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + cluster.story(), e);
      }
    }
  }
}
