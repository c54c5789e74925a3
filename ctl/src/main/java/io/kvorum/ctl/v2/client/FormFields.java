// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.UrlText;

/** A form or query in the order of the calls, which must be alphabetical, as Go sorts it. */
final class FormFields {

  private final StringBuilder text = new StringBuilder();

  FormFields add(String name, String value) {
    if (!text.isEmpty()) {
      text.append('&');
    }
    text.append(name).append('=').append(UrlText.escapeForm(value));
    return this;
  }

  FormFields add(String name, boolean value) {
    return add(name, value ? "true" : "false");
  }

  FormFields addUnless(String absent, String name, String value) {
    return value.equals(absent) ? this : add(name, value);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
