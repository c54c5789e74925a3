// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.json;

/** Text is not the JSON that was expected; the message says so in Go's words. */
public final class JsonSyntaxException extends Exception {

  public JsonSyntaxException(String message) {
    super(message, null, false, false);
  }

  /** The message never is absent here. */
  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
