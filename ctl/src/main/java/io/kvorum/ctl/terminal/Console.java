// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.terminal;

import io.kvorum.base.Bytes;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The surroundings of one command: standard streams and environment.
 *
 * <p>Text leaves as UTF-8 whatever the locale says, as Go programs do it. Standard output is
 * buffered until {@link #flush}, and before anything goes to standard error, so that both keep
 * their order when they are one file. Not thread-safe.
 */
public final class Console {

  private static final int OUTPUT_BUFFER_BYTES = 8192;

  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final Map<String, String> environment;

  public Console(
      InputStream in, OutputStream out, OutputStream err, Map<String, String> environment) {
    this.in = in;
    this.out = new BufferedOutputStream(out, OUTPUT_BUFFER_BYTES);
    this.err = err;
    this.environment = environment;
  }

  /** The process's own streams and environment, without the set-up that {@code System.out} has. */
  public static Console ofProcess() {
    return new Console(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        System.getenv());
  }

  /** Writes text to standard output as it is. */
  public void print(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandExit(ExitCode.BROKEN_PIPE);
    }
  }

  /** Writes bytes to standard output as they are. */
  public void print(Bytes bytes) {
    try {
      bytes.writeTo(out);
    } catch (IOException e) {
      throw new CommandExit(ExitCode.BROKEN_PIPE);
    }
  }

  /** Writes text and a newline to standard output. */
  public void line(String text) {
    print(text);
    print("\n");
  }

  /** Writes text to standard error as it is, after everything printed so far. */
  public void error(String text) {
    flush();
    try {
      err.write(text.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException e) {
      throw new CommandExit(ExitCode.BROKEN_PIPE);
    }
  }

  /** Writes text and a newline to standard error, in one piece. */
  public void errorLine(String text) {
    error(text + "\n");
  }

  /** Hands everything printed so far to the operating system. */
  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new CommandExit(ExitCode.BROKEN_PIPE);
    }
  }

  /** Everything that is left on standard input, as text; empty when it cannot be read. */
  public String readAll() {
    return readAllBytes().utf8();
  }

  /** Everything that is left on standard input; nothing when it cannot be read. */
  public Bytes readAllBytes() {
    try {
      return Bytes.wrap(in.readAllBytes());
    } catch (IOException e) {
      return Bytes.EMPTY;
    }
  }

  /** The next line of standard input without its end; empty at the end of the input. */
  public Optional<String> nextLine() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      int c = in.read();
      if (c < 0) {
        return Optional.empty();
      }
      for (; c >= 0 && c != '\n'; c = in.read()) {
        line.write(c);
      }
      return c < 0 ? Optional.empty() : Optional.of(line.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The next line of standard input without its end; what there is when the input ends. */
  public String readLine() {
    StringBuilder line = new StringBuilder();
    try {
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        line.append((char) c);
      }
    } catch (IOException e) {
      // A line that cannot be read is an empty one.
    }
    byte[] bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The names of all environment variables, sorted. */
  public List<String> variables() {
    List<String> names = new ArrayList<>(environment.keySet());
    Collections.sort(names);
    return names;
  }

  /** Whether an environment variable is set, be it to nothing. */
  public boolean hasVariable(String name) {
    return environment.containsKey(name);
  }

  /** An environment variable, empty when it is not set (etcdctl does not tell these apart). */
  public String variable(String name) {
    String value = environment.get(name);
    return value == null ? "" : value;
  }
}
