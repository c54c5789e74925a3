// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.request;

import io.kvorum.server.request.AdminAccess.Right;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Hands out the whole store as etcd's database file. */
public final class CopyDatabase {
  private final AdminAccess access;
  private final Source source;

  public CopyDatabase(AdminAccess access, Source source) {
    this.access = access;
    this.source = source;
  }

  /** Where copies come from. */
  @FunctionalInterface
  public interface Source {
    /** The store as it is now; reads all of it once to know how long the file becomes. */
    Copy open();
  }

  /** A file that is not written yet. Keeps old versions alive until it is closed. One thread. */
  public interface Copy extends AutoCloseable {
    long bytes();

    /** Writes all of it, as slowly as {@code target} takes it. */
    void writeTo(Target target) throws IOException;

    @Override
    void close();
  }

  /** Takes bytes in order. */
  @FunctionalInterface
  public interface Target {
    /** Takes all of {@code bytes}, which are the caller's again afterwards. May block. */
    void write(ByteBuffer bytes) throws IOException;
  }

  /** Ends with where to get the copy, if {@code caller} may have one. Any thread. */
  public CompletableFuture<Answer<Source>> admit(Caller caller) {
    return Answer.map(access.admit(caller, Right.ROOT), requester -> source);
  }
}
