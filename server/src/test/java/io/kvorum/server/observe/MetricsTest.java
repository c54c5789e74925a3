// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  @Test
  void thePageHasFamiliesByName() {
    metrics.gauge("b_total", "A gauge whose name ends so.", () -> 12_345_678_901.0);
    metrics.counter("a_total", "A counter.").add(3);
    metrics.info("c", "Says something.", "version", "a\"b\\c\n");
    assertEquals(
        """
        # HELP a_total A counter.
        # TYPE a_total counter
        a_total 3
        # HELP b_total A gauge whose name ends so.
        # TYPE b_total gauge
        b_total 12345678901
        # HELP c Says something.
        # TYPE c gauge
        c{version="a\\"b\\\\c\\n"} 1
        """,
        metrics.page());
  }

  @Test
  void aHistogramCountsUpToEachBound() {
    var seconds = metrics.histogram("s", "Seconds.", Histogram.exponential(0.001, 2, 3));
    seconds.observe(0.001);
    seconds.observe(0.003);
    seconds.observe(1);
    assertEquals(
        """
        # HELP s Seconds.
        # TYPE s histogram
        s_bucket{le="0.001"} 1
        s_bucket{le="0.002"} 1
        s_bucket{le="0.004"} 2
        s_bucket{le="+Inf"} 3
        s_sum 1.004
        s_count 3
        """,
        metrics.page());
  }

  @Test
  void labelsTellMembersOfAFamilyApart() {
    var requests = metrics.counters("r_total", "Requests.", "method", "code");
    requests.with("PUT", "201").increment();
    requests.with("GET", "404").add(2);
    requests.with("PUT", "201").increment();
    assertTrue(
        metrics
            .page()
            .endsWith(
                """
                r_total{method="GET",code="404"} 2
                r_total{method="PUT",code="201"} 2
                """));
    assertThrows(IllegalArgumentException.class, () -> requests.with("GET"));
  }

  @Test
  void theProcessTellsOfItself() {
    ProcessFacts.register(metrics, () -> 7);
    var page = metrics.page();
    for (var name : new String[] {"open_fds", "max_fds", "cpu_seconds_total"}) {
      assertTrue(page.contains("\nprocess_" + name + " "), page);
    }
  }
}
