// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.base.Bytes;
import io.kvorum.server.base.MinorVersion;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.member.MembershipView;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/**
 * How a password goes into the log: hashed, if all members know that form; as it is, if a member of
 * 3.4 may be there, or join and read this log. Callable from any thread; never blocks.
 */
public final class PasswordForm {

  private static final String FIRST_WITH_HASHES = "3.5.0";

  private final MembershipView members;
  private final Passwords passwords;
  private final int cost;

  /**
   * @param cost of bcrypt
   */
  public PasswordForm(MembershipView members, Passwords passwords, int cost) {
    this.members = members;
    this.passwords = passwords;
    this.cost = cost;
  }

  /** The form of {@code given} that this cluster takes. */
  CompletableFuture<Answer<Password>> forTheLog(Password given) {
    boolean hashes =
        members
            .current()
            .clusterVersion()
            .filter(version -> MinorVersion.compare(version, FIRST_WITH_HASHES) >= 0)
            .isPresent();
    boolean hashed = given.plain().isEmpty() && !given.hashed().isEmpty();
    if (hashed && !hashes) {
      // A member of 3.4 would take it for an empty password.
      return Answer.now(new Answer.Failed<>("etcdserver: not capable", false));
    }
    if (hashed || !hashes) {
      return Answer.now(new Answer.Done<>(hashed ? given : new Password(given.plain(), "")));
    }
    return passwords
        .hash(given.plain(), cost)
        .handle(
            (hash, failed) ->
                failed == null
                    ? new Answer.Done<>(new Password("", base64(hash)))
                    : Answer.failed(failed));
  }

  private static String base64(String hash) {
    return Base64.getEncoder().encodeToString(Bytes.utf8(hash).toArray());
  }
}
