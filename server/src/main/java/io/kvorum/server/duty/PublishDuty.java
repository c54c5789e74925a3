// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.duty;

import io.kvorum.server.command.MemberCommand;
import io.kvorum.server.request.BackgroundWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the cluster this member's name and client URLs: at every start, until it has worked. */
public final class PublishDuty {

  private static final Logger LOG = LoggerFactory.getLogger(PublishDuty.class);

  private final BackgroundWork work;
  private final MemberCommand.Publish publish;
  private final Runnable published;
  private volatile boolean stopped;

  /**
   * @param published is called once it has worked, on the apply thread
   */
  public PublishDuty(BackgroundWork work, MemberCommand.Publish publish, Runnable published) {
    this.work = work;
    this.publish = publish;
    this.published = published;
  }

  /** Submits; a failure (which takes the request time limit) leads to the next try. */
  public void start() {
    work.submit(publish)
        .whenComplete(
            (applied, failure) -> {
              if (failure == null) {
                LOG.atInfo()
                    .addKeyValue("local-member-id", publish.id())
                    .addKeyValue("cluster-id", work.clusterId())
                    .log(
                        "published {Name:{} ClientURLs:{}} to cluster {}",
                        publish.name(),
                        publish.clientUrls(),
                        work.clusterId());
                published.run();
              } else if (!stopped) {
                LOG.atWarn().addKeyValue("error", failure.getMessage()).log("publish error");
                start();
              }
            });
  }

  public void stop() {
    stopped = true;
  }
}
