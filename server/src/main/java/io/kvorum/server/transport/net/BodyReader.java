// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.net;

import io.kvorum.base.Bytes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers one request's body within its own limit and the port's budget. However it ends, what it
 * took from the budget is given back: whole, too long, no room, or the client is gone. Owned by the
 * connection's event loop.
 */
final class BodyReader {
  private final BodyBudget budget;
  private final int bytesMax;
  private final Runnable tooLong;
  private final Runnable noRoom;

  /** What has come so far; absent when no more is wanted. */
  private @Nullable Buffer body = Buffer.buffer();

  private BodyReader(BodyBudget budget, int bytesMax, Runnable tooLong, Runnable noRoom) {
    this.budget = budget;
    this.bytesMax = bytesMax;
    this.tooLong = tooLong;
    this.noRoom = noRoom;
  }

  /** Calls exactly one of the three, unless the client leaves before; drops what comes then. */
  static void read(
      HttpServerRequest request,
      BodyBudget budget,
      int bytesMax,
      Consumer<Bytes> whole,
      Runnable tooLong,
      Runnable noRoom) {
    BodyReader reader = new BodyReader(budget, bytesMax, tooLong, noRoom);
    request.handler(reader::add);
    request.exceptionHandler(lost -> reader.finish());
    request.endHandler(
        end -> {
          Buffer body = reader.finish();
          if (body != null) {
            whole.accept(Bytes.wrap(body.getBytes()));
          }
        });
  }

  private void add(Buffer part) {
    if (body == null) {
      return;
    }
    if (body.length() + part.length() > bytesMax) {
      finish();
      tooLong.run();
    } else if (budget.take(part.length())) {
      body.appendBuffer(part);
    } else {
      finish();
      noRoom.run();
    }
  }

  private @Nullable Buffer finish() {
    Buffer gathered = body;
    if (gathered != null) {
      body = null;
      budget.giveBack(gathered.length());
    }
    return gathered;
  }
}
