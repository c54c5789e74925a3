// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Auth.Kind;

/** A rule about users and roles forbids it; nothing was changed. */
public final class AuthRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String text;

  /** A refusal in etcd's words. */
  public AuthRefused(Kind kind, String text) {
    super(text, null, false, false);
    this.kind = kind;
    this.text = text;
  }

  /** A refusal of the part of etcd that puts its name in front. */
  public static AuthRefused auth(Kind kind, String text) {
    return new AuthRefused(kind, "auth: " + text);
  }

  public Refusal.Auth refusal() {
    return new Refusal.Auth(kind, text);
  }
}
