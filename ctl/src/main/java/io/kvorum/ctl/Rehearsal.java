// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl;

import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.util.List;
import java.util.Map;

/**
 * Runs several command lines in one JVM, so that the start-up cache that is recorded meanwhile
 * knows the classes of both APIs. Each argument is one command line, its words apart by blanks, the
 * first of them the API's number. Only the build calls it.
 */
public final class Rehearsal {

  private Rehearsal() {}

  /** Ends with the status of the first command that failed, or 0. */
  public static void main(String[] lines) {
    int first = ExitCode.SUCCESS;
    for (String line : lines) {
      List<String> words = List.of(line.split(" ", -1));
      Console console =
          new Console(
              new FileInputStream(FileDescriptor.in),
              new FileOutputStream(FileDescriptor.out),
              new FileOutputStream(FileDescriptor.err),
              Map.of("ETCDCTL_API", words.get(0)));
      int code;
      try {
        code = EtcdctlMain.run(console, words.subList(1, words.size()));
      } catch (CommandExit e) {
        code = e.code();
      }
      first = first == ExitCode.SUCCESS ? code : first;
    }
    if (first != ExitCode.SUCCESS) {
      System.exit(first);
    }
  }
}
