// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.env.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a member stays after its own removal.
 *
 * <p>Those that remain may not know yet that the removal is committed, and until they do they count
 * this member: the last one of two could then never elect a leader again. So it goes on answering
 * until one of them tells it, by refusing its connections, that it is removed: that one has applied
 * the removal, holds a longer log than those who have not, and needs nobody's help to win. The
 * waiting has an end, since the others may be gone for good. (etcd waits one second in any case.)
 */
final class Farewell {

  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);
  static final Duration GRACE = Duration.ofSeconds(1);
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Timers timers;
  private final Runnable leave;
  private final AtomicBoolean begun = new AtomicBoolean();

  /**
   * @param leave ends the member; harmless when it has ended
   */
  Farewell(Timers timers, Runnable leave) {
    this.timers = timers;
    this.leave = leave;
  }

  /**
   * The removal is applied here. Only the first call counts.
   *
   * @param votersRemain whether there is anybody who has to learn of it
   */
  void begin(boolean votersRemain) {
    if (!begun.compareAndSet(false, true)) {
      return;
    }
    LOG.atInfo()
        .addKeyValue("voters-remain", votersRemain)
        .log("this member was removed; leaving when the others know");
    timers.after(votersRemain ? PATIENCE : GRACE, leave);
  }
}
