// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

/** A URL that cannot be used, with Go's explanation. */
public final class MalformedUrl extends Exception {

  public MalformedUrl(String url, String reason) {
    super("parse " + url + ": " + reason);
  }
}
