// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

/** An answer came, but not one that an etcd server gives to this request. */
public final class UnusableAnswer extends ApiFailure {

  UnusableAnswer(String message) {
    super(message);
  }

  static UnusableAnswer invalidJson() {
    return new UnusableAnswer(
        "client: response is invalid json. The endpoint is probably not valid etcd cluster"
            + " endpoint.");
  }

  static UnusableAnswer unexpectedStatus(int status) {
    return new UnusableAnswer("unexpected status code " + status);
  }
}
