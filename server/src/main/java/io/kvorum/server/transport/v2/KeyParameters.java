// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.server.request.TimeToLive;
import io.kvorum.server.transport.net.FormFields;
import java.util.Optional;

/**
 * The parameters of a {@code /v2/keys} request, checked. All checks run for every method, also
 * where a parameter has no meaning, and the first failure counts (recorded behaviour of etcd 2.3.7,
 * 5.2).
 */
record KeyParameters(
    Flags flags,
    Bytes value,
    Optional<TimeToLive> timeToLive,
    Bytes prevValue,
    long prevIndex,
    long waitIndex,
    Optional<Boolean> prevExist,
    boolean refresh) {

  /** The parameters that are plain yes or no, in the order they are checked. */
  record Flags(
      boolean recursive,
      boolean sorted,
      boolean waits,
      boolean dir,
      boolean quorum,
      boolean stream) {}

  /** Reads and checks {@code form}. */
  static KeyParameters of(FormFields form, String method) throws KeyFault {
    if (form.error().isPresent()) {
      throw new KeyFault(210, form.error().get());
    }
    long prevIndex = index(form, "prevIndex");
    long waitIndex = index(form, "waitIndex");
    var flags = flags(form);
    if (flags.waits() && !method.equals("GET")) {
      throw new KeyFault(209, "\"wait\" can only be used with GET requests");
    }
    Optional<Bytes> prevValue = form.get("prevValue");
    if (prevValue.isPresent() && prevValue.get().isEmpty()) {
      throw new KeyFault(201, "\"prevValue\" cannot be empty");
    }
    var timeToLive = timeToLive(form);
    Optional<Boolean> prevExist = flag(form, "prevExist", "prevExist");
    boolean refresh = flag(form, "refresh", "refresh").orElse(false);
    Bytes value = form.get("value").orElse(Bytes.EMPTY);
    if (refresh && !value.isEmpty()) {
      throw new KeyFault(211, "A value was provided on a refresh");
    }
    if (refresh && timeToLive.isEmpty()) {
      throw new KeyFault(212, "No TTL value set");
    }
    return new KeyParameters(
        flags,
        value,
        timeToLive,
        prevValue.orElse(Bytes.EMPTY),
        prevIndex,
        waitIndex,
        prevExist,
        refresh);
  }

  private static Flags flags(FormFields form) throws KeyFault {
    return new Flags(
        flag(form, "recursive"),
        flag(form, "sorted"),
        flag(form, "wait"),
        flag(form, "dir"),
        flag(form, "quorum"),
        flag(form, "stream"));
  }

  private static long index(FormFields form, String name) throws KeyFault {
    var text = form.text(name);
    if (text.isEmpty()) {
      return 0;
    }
    return Unsigned.decimal(text.get())
        .orElseThrow(() -> new KeyFault(203, "invalid value for \"" + name + "\""));
  }

  private static Optional<TimeToLive> timeToLive(FormFields form) throws KeyFault {
    var text = form.text("ttl").filter(given -> !given.isEmpty());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    long seconds =
        Unsigned.decimal(text.get())
            .orElseThrow(() -> new KeyFault(202, "invalid value for \"ttl\""));
    return Optional.of(new TimeToLive(seconds));
  }

  private static boolean flag(FormFields form, String name) throws KeyFault {
    return flag(form, name, "\"" + name + "\"").orElse(false);
  }

  private static Optional<Boolean> flag(FormFields form, String name, String shown)
      throws KeyFault {
    var text = form.text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    return switch (text.get()) {
      case "1", "t", "T", "TRUE", "true", "True" -> Optional.of(true);
      case "0", "f", "F", "FALSE", "false", "False" -> Optional.of(false);
      default -> throw new KeyFault(209, "invalid value for " + shown);
    };
  }
}
