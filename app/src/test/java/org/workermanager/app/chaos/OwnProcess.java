package org.workermanager.app.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Processes that this program starts, and what it does to them. */
final class OwnProcess {

  private OwnProcess() {}

  /** Starts a process whose output is appended to a file. */
  static Process start(Path folder, Path log, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // the settings of whoever runs this are not the program's
    builder.environment().keySet().removeIf(name -> name.startsWith("WORKER_MANAGER_"));
    builder.environment().keySet().removeIf(name -> name.startsWith("RABBITMQ_"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Runs a command to its end; returns whether it succeeded. */
  static boolean run(
      Path folder,
      Path log,
      Map<String, String> environment,
      List<String> command,
      Duration patience)
      throws IOException, InterruptedException {
    Process process = start(folder, log, environment, command);
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      killAll(process);
      return false;
    }
    return process.exitValue() == 0;
  }

  /** Sends a signal, by its name; returns whether there was such a process. */
  static boolean signal(String name, long pid) throws IOException, InterruptedException {
    Process kill =
        // the shell's own: not every machine has a program of this name
        new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(name, pid))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return kill.waitFor() == 0;
  }

  /** Kills a process, and whatever it has started. */
  static void killAll(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }

  /** A port on which nobody listens. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
