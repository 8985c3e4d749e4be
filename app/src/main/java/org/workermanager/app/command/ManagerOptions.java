package org.workermanager.app.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.util.function.Consumer;
import org.workermanager.app.client.Answer;
import org.workermanager.app.client.ManagerAddress;
import org.workermanager.app.client.ManagerClient;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which manager a command asks, and in which form it prints what that answers. */
final class ManagerOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = ManagerAddress.USUAL,
      description =
          "The running manager's address (default: WORKER_MANAGER_URL, else "
              + ManagerAddress.USUAL
              + ").")
  private String url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description =
          "A token of the manager's. Others can see command lines: better use --token-file.")
  private String token;

  @Option(names = "--token-file", paramLabel = "FILE", description = "A file with the token in it.")
  private String tokenFile;

  @Option(
      names = "--json",
      description = "Print what the manager answers as it is, in JSON, for programs.")
  private boolean json;

  ManagerClient client() {
    // until it has answered, being told to stop is no success
    shutdown().setExitCode(ExitCode.FAILED);
    ManagerAddress address = address();
    String secret = SecretFile.orGiven(spec, "--token", token, tokenFile);
    try {
      return new ManagerClient(address, secret);
    } catch (IllegalArgumentException e) {
      throw wrong(tokenFile == null ? "--token" : "--token-file", e.getMessage());
    }
  }

  private ManagerAddress address() {
    try {
      return ManagerAddress.parse(url);
    } catch (IllegalArgumentException e) {
      throw wrong("--url", e.getMessage());
    }
  }

  private ParameterException wrong(String option, String what) {
    return EnvironmentDefaults.wrong(spec, option, what);
  }

  boolean json() {
    return json;
  }

  /** Prints it as the manager said it, or for people. */
  <T> void print(Answer<T> answer, Consumer<T> forPeople) {
    if (json) {
      // in the encoding of JSON, whatever the terminal's is
      System.out.writeBytes((answer.json().stripTrailing() + "\n").getBytes(UTF_8));
      System.out.flush();
    } else {
      forPeople.accept(answer.value());
      out().flush();
    }
  }

  /** Says to people what programs know by the exit code. */
  void say(String text) {
    if (!json) {
      out().println(PrintableText.line(text));
      out().flush();
    }
  }

  /** Says what is no error, and may still be wrong. */
  void note(String text) {
    err().println("Note: " + PrintableText.line(text));
    err().flush();
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  Shutdown shutdown() {
    return ((WorkerManagerCommand) spec.root().userObject()).shutdown();
  }
}
