// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.bootstrap;

import io.kvorum.server.command.V3NotSupported;
import io.kvorum.server.config.ConfigProblem;
import io.kvorum.server.config.ConfigReader;
import io.kvorum.server.config.MemberConfig;
import io.kvorum.server.observe.log.LogThreshold;
import io.kvorum.server.storage.engine.EngineFailure;
import io.kvorum.server.storage.log.LogFailure;
import io.kvorum.server.storage.snapshot.SnapshotFailure;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon: {@code bin/etcd}.
 *
 * <p>Exit status as etcd's: 0 for help, version and a removed member; 1 for what can not start or
 * go on; 2 for a command line that can not be read; 128 + signal when a signal ended it.
 */
public final class EtcdMain {

  private static final Logger LOG = LoggerFactory.getLogger(EtcdMain.class);

  private EtcdMain() {}

  public static void main(String[] arguments) {
    try {
      switch (ConfigReader.read(arguments, System.getenv(), Files::readString)) {
        case ConfigReader.Wish.Help(String usage) -> print(usage);
        case ConfigReader.Wish.Version() -> print(ServerVersion.report());
        case ConfigReader.Wish.Run(MemberConfig config) -> run(config);
      }
    } catch (ConfigProblem problem) {
      problem.lines().forEach(System.err::println);
      System.exit(problem.exitStatus());
    }
  }

  private static void run(MemberConfig config) {
    LogThreshold.set(config.features().logLevel());
    config.notices().forEach(LOG::info);
    LOG.atInfo()
        .addKeyValue("etcd-version", ServerVersion.API)
        .addKeyValue("kvorum-version", ServerVersion.own())
        .addKeyValue("jvm", System.getProperty("java.vm.version"))
        .log("starting etcd");
    CountDownLatch ended = new CountDownLatch(1);
    AtomicInteger status = new AtomicInteger();
    RunningMember member;
    try {
      member =
          RunningMember.start(
              config,
              ending -> {
                status.set(ended(ending));
                ended.countDown();
              });
    } catch (StartFailure failure) {
      LOG.error(failure.getMessage());
      failure.hints().forEach(LOG::info);
      System.exit(1);
      return;
    } catch (V3NotSupported
        | LogFailure
        | SnapshotFailure
        | EngineFailure
        | UncheckedIOException failure) {
      LOG.error("can not start: " + reasons(failure));
      System.exit(1);
      return;
    } catch (RuntimeException failure) {
      LOG.error("can not start", failure);
      System.exit(1);
      return;
    }
    Thread stopper = new Thread(() -> stop(member, ended.getCount() > 0), "stop");
    Runtime.getRuntime().addShutdownHook(stopper);
    await(ended);
    if (status.get() != 0) {
      // The state of this process is not to be trusted any more: nothing is saved on the way out.
      Runtime.getRuntime().halt(status.get());
    }
    System.exit(0);
  }

  private static int ended(Ending ending) {
    return switch (ending) {
      case Ending.Removed() -> {
        LOG.error("the member has been permanently removed from the cluster");
        LOG.info("the data-dir used by this member must be removed.");
        yield 0;
      }
      case Ending.Failed(Throwable cause) -> {
        String stopping = "stopping this member: going on could lose or corrupt data";
        if (isForTheOperator(cause)) {
          LOG.error(stopping + ": " + reasons(cause));
        } else {
          LOG.error(stopping, cause);
        }
        yield 1;
      }
    };
  }

  /** What an operator can mend; where in the program it was met does not help with that. */
  private static boolean isForTheOperator(Throwable failure) {
    return failure instanceof LogFailure
        || failure instanceof V3NotSupported
        || failure instanceof SnapshotFailure
        || failure instanceof EngineFailure
        || failure instanceof UncheckedIOException;
  }

  private static String reasons(Throwable failure) {
    List<String> reasons = new ArrayList<>();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      String reason = each.getMessage() == null ? each.toString() : each.getMessage();
      if (reasons.stream().noneMatch(said -> said.contains(reason))) {
        reasons.add(reason);
      }
    }
    return String.join(": ", reasons);
  }

  /** The JVM calls this on SIGTERM and SIGINT, then ends with the signal's exit status. */
  private static void stop(RunningMember member, boolean bySignal) {
    LOG.info(bySignal ? "received signal, shutting down..." : "shutting down...");
    member.stop();
    LOG.info("stopped");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void print(String text) {
    System.out.print(text);
    System.out.flush();
  }
}
