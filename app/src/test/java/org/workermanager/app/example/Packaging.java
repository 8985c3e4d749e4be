package org.workermanager.app.example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program as users get it. */
enum Packaging {
  /** With java -jar, on the class path. */
  JAR {
    @Override
    List<String> command() {
      Path java = Path.of(System.getProperty("java.home"), "bin", "java");
      List<String> command = new ArrayList<>(List.of(java.toString()));
      command.addAll(List.of(QUICK_START.split(" ")));
      command.addAll(List.of("-jar", TARGET.resolve("worker-manager.jar").toString()));
      return command;
    }
  },

  /** With the distribution's script, on the module path. */
  DISTRIBUTION {
    @Override
    List<String> command() {
      return List.of(TARGET.resolve("worker-manager/bin/worker-manager").toString());
    }
  };

  /** For programs that live for seconds. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Pattern PORT = Pattern.compile("broker 127\\.0\\.0\\.1:(\\d+)");

  abstract List<String> command();

  /** Starts it in this folder. */
  RunningProgram start(Path folder, String... arguments) throws IOException {
    return start(folder, List.of(arguments));
  }

  RunningProgram start(Path folder, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(command());
    command.addAll(arguments);
    return RunningProgram.start(folder, Map.of("JAVA_OPTS", QUICK_START), command);
  }

  /** Waits until a program is ready that brings its own broker, and tells how to reach that. */
  static String awaitEmbedded(RunningProgram program) throws InterruptedException {
    String ready = program.awaitLine("Ready");
    Matcher port = PORT.matcher(ready);
    if (!port.find()) {
      throw new AssertionError("No port in: " + ready);
    }
    return "amqp://guest:guest@127.0.0.1:" + port.group(1) + "/regards.multitenant.manager";
  }
}
