package org.workermanager.app.command;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.LoggerFactory;

/**
 * How the process ends, by itself or told by a signal: what runs is stopped, the last started
 * first, and the exit code is ours. Java's own would be 143 after SIGTERM.
 */
public final class Shutdown {

  /** A stop takes no longer than 10 s, whatever hangs. */
  private static final Duration LONGEST_STOP = Duration.ofMillis(9_500);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private volatile int exitCode;

  Shutdown() {}

  /**
   * Takes charge of signals from now on.
   *
   * @param arguments of the command line: to stop when told to is a success of what serves until
   *     then; whatever else has something to do has not done it
   */
  public static Shutdown install(String... arguments) {
    Shutdown shutdown = new Shutdown();
    boolean serves = arguments.length > 0 && arguments[0].equals("run");
    shutdown.setExitCode(serves ? ExitCode.DONE : ExitCode.FAILED);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(shutdown::stopAndHalt, "worker-manager shutdown"));
    return shutdown;
  }

  /** From now on the process ends with this code when it is told to. */
  void setExitCode(int code) {
    exitCode = code;
  }

  /** Ends the process with this code, unless it was told to before. */
  public void exit(int code) {
    setExitCode(code);
    System.exit(code);
  }

  /** This has started, and is to be stopped at the end. */
  synchronized void add(AutoCloseable started) {
    running.push(started);
  }

  private void stopAndHalt() {
    int code = exitCode;
    Thread stopper = new Thread(this::stop, "worker-manager stop");
    stopper.setDaemon(true);
    stopper.start();
    try {
      stopper.join(LONGEST_STOP.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(code);
  }

  synchronized void stop() {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        // not before: loading a logger would delay the signals' handling
        LoggerFactory.getLogger(Shutdown.class).warn("Not stopped properly: {}", e.getMessage());
      }
    }
  }
}
