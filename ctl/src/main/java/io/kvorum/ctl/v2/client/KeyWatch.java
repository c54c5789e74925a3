// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpAnswer;

/** Waits for one change of a key after the other. Not thread-safe. */
public final class KeyWatch {

  private final ClusterClient cluster;
  private final String path;
  private final boolean recursive;

  /** The index to wait for, unsigned; 0 means the next change, whatever its index. */
  private long waitIndex;

  KeyWatch(ClusterClient cluster, String path, boolean recursive, long afterIndex) {
    this.cluster = cluster;
    this.path = path;
    this.recursive = recursive;
    this.waitIndex = afterIndex == 0 ? 0 : afterIndex + 1;
  }

  /** The next change; waits for it without limit. Throws {@link ApiFailure}. */
  public KeyAnswer next() {
    HttpAnswer answer = poll();
    while (answer.status() == 200 && answer.body().isEmpty()) {
      // A server ends long polls after a while; nothing happened until then.
      answer = poll();
    }
    KeyAnswer change = KeysApi.parse(answer);
    waitIndex = change.node().modifiedIndex() + 1;
    return change;
  }

  private HttpAnswer poll() {
    FormFields query =
        new FormFields()
            .add("recursive", recursive)
            .add("wait", true)
            .add("waitIndex", Long.toUnsignedString(waitIndex));
    return cluster.send(ApiCall.longPoll(path, query.toString()), Deadline.NEVER);
  }
}
