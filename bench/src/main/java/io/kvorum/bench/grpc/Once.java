// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench.grpc;

import io.kvorum.base.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A single call, for what is not load. */
public final class Once implements Exchange {

  private Optional<Bytes> answer = Optional.empty();
  private boolean over;

  private Once() {}

  /** The answer's message; empty when there was none in time, for whatever reason. */
  public static Optional<Bytes> call(String url, String path, byte[] message, Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    Once once = new Once();
    try (LoadLoop loop = new LoadLoop()) {
      loop.connect(url).call(path, message, true, once);
      loop.turn(until, () -> once.over);
    } catch (IOException nobodyThere) {
      return Optional.empty();
    }
    return once.answer;
  }

  @Override
  public void message(Bytes message) {
    answer = Optional.of(message);
  }

  @Override
  public void ended(boolean broken) {
    over = true;
  }
}
