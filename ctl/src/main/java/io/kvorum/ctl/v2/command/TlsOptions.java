// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.command;

import io.kvorum.ctl.terminal.CommandExit;
import io.kvorum.ctl.terminal.Console;
import io.kvorum.ctl.terminal.ExitCode;
import java.io.File;

/**
 * The files of an encrypted connection. They are checked as etcdctl 2.3.7 does, so that mistakes
 * are told the same way, and then refused, since they have no use yet.
 *
 * @param certFile empty when not given, like the others
 */
record TlsOptions(String certFile, String keyFile, String caFile) {

  /** Says what is wrong and ends the program, unless nothing was given. */
  void check(Console console) {
    if (certFile.isEmpty() && keyFile.isEmpty() && caFile.isEmpty()) {
      return;
    }
    console.errorLine(problem());
    throw new CommandExit(ExitCode.BAD_ARGUMENTS);
  }

  private String problem() {
    if (certFile.isEmpty() != keyFile.isEmpty()) {
      return "KeyFile and CertFile must both be present[key: "
          + keyFile
          + ", cert: "
          + certFile
          + "]";
    }
    for (String file : new String[] {certFile, keyFile, caFile}) {
      if (!file.isEmpty() && !new File(file).canRead()) {
        String reason = new File(file).exists() ? "permission denied" : "no such file or directory";
        return "open " + file + ": " + reason;
      }
    }
    return "etcdctl: --" + (caFile.isEmpty() ? "cert-file" : "ca-file") + " is not supported yet";
  }
}
