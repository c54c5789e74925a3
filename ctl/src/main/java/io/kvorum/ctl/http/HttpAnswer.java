// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import java.util.Map;

/**
 * One answer, read to its end.
 *
 * @param status the status code
 * @param headers by name in lower case; of repeated ones the first
 * @param body as UTF-8
 */
public record HttpAnswer(int status, Map<String, String> headers, String body) {

  /** A header's value by its name in lower case, empty when it is absent. */
  public String header(String name) {
    String value = headers.get(name);
    return value == null ? "" : value;
  }
}
