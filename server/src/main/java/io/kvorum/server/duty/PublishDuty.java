// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.duty;

import io.kvorum.env.Timers;
import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.command.Outcome;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.request.BackgroundWork;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the cluster this member's name and client URLs: at every start, until it has worked. */
public final class PublishDuty {

  private static final Logger LOG = LoggerFactory.getLogger(PublishDuty.class);

  /** Most failures have taken the request time limit already; those at once must not spin. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final BackgroundWork work;
  private final Timers timers;
  private final MemberCommand.Publish publish;
  private final Runnable published;
  private volatile boolean stopped;

  /**
   * @param published is called once it has worked, on the apply thread
   */
  public PublishDuty(
      BackgroundWork work, Timers timers, MemberCommand.Publish publish, Runnable published) {
    this.work = work;
    this.timers = timers;
    this.publish = publish;
    this.published = published;
  }

  /**
   * Submits; no answer in time leads to the next try, and so does a member that is not known yet
   * (it joins with an old log). A removed one has nothing to tell any more.
   */
  public void start() {
    work.submit(publish)
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null) {
                again(String.valueOf(failure.getMessage()));
              } else if (outcome instanceof Outcome.Refused(var refusal)) {
                refused(refusal);
              } else {
                LOG.atInfo()
                    .addKeyValue("local-member-id", publish.id())
                    .addKeyValue("cluster-id", work.clusterId())
                    .log(
                        "published {Name:{} ClientURLs:{}} to cluster {}",
                        publish.name(),
                        publish.clientUrls(),
                        work.clusterId());
                published.run();
              }
            });
  }

  private void refused(Refusal refusal) {
    boolean removed =
        refusal instanceof Refusal.Membership membership
            && membership.reason() == Refusal.Membership.Reason.ID_REMOVED;
    if (!removed) {
      again(refusal.toString());
    }
  }

  private void again(String error) {
    if (!stopped) {
      LOG.atWarn().addKeyValue("error", error).log("publish error");
      timers.after(
          PAUSE,
          () -> {
            if (!stopped) {
              start();
            }
          });
    }
  }

  public void stop() {
    stopped = true;
  }
}
