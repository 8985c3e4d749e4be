package org.workermanager.app.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.workermanager.amqp.client.Worker;

/** An operator's day, on the packaged program with its embedded broker and database. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class OperatorIT {

  private static final String HTTP = "; HTTP ";

  @TempDir private Path folder;

  private String url;

  /** Both ways to start it know the way: on the class path, and on the module path. */
  private Packaging next = Packaging.JAR;

  /** What a command prints that succeeds. */
  private String succeed(String... arguments) throws Exception {
    try (RunningProgram command = ask(arguments)) {
      command.assertEnds(0);
      assertEquals("", command.err().text());
      return command.out().text();
    }
  }

  private RunningProgram ask(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--url=" + url);
    Packaging packaging = next;
    next = packaging == Packaging.JAR ? Packaging.DISTRIBUTION : Packaging.JAR;
    return packaging.start(folder, all);
  }

  private static void assertIn(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in:\n" + text);
    }
  }

  @Test
  @SuppressWarnings("try") // the worker is there to be closed
  void looksAfterAManagerFromTheCommandLine() throws Exception {
    try (RunningProgram manager =
        Packaging.JAR.start(folder, "run", "--embedded-port=0", "--http=127.0.0.1:0")) {
      String ready = manager.awaitLine("Ready");
      url = ready.substring(ready.indexOf(HTTP) + HTTP.length());
      String broker = Packaging.awaitEmbedded(manager);

      assertIn(
          succeed(
              "config",
              "import",
              "--tenant=demo",
              Examples.FOLDER.resolve("configuration.json").toString()),
          "In force for tenant demo now: 1 worker, 0 workflows");
      assertIn(succeed("workers"), "Upper");
      try (UpperRequester requester = UpperRequester.connect(broker)) {
        requester.submit("first", "shout");
        requester.await("DELAYED");
        assertIn(succeed("requests", "list"), "first", "NO_WORKER_AVAILABLE", "1 of 1 request");
        assertEquals("shout", succeed("requests", "show", "first", "--content", "-"));
        assertIn(
            succeed("requests", "show", "first"),
            "Request first (",
            "stands at     Upper",
            "No worker 'Upper' is alive.");

        assertIn(succeed("pause", "Upper"), "Upper is paused");
        try (Worker worker = UpperWorker.start(broker)) {
          assertEquals(
              "Retried 1 request: 0 dispatched, 1 waiting for a worker.",
              succeed("requests", "retry", "--all"));
          assertIn(succeed("resume", "Upper"), "Upper is not paused");
          assertEquals(Set.of("SHOUT"), requester.awaitResults(1));
          assertIn(succeed("workers"), "alive");

          assertIn(succeed("pause", "Upper"), "Upper is paused");
          requester.submit("second", "too loud");
          requester.await("DELAYED");
          assertIn(succeed("requests", "counts"), "NO_WORKER_AVAILABLE         1");
          assertEquals("Deleted 1 request.", succeed("requests", "delete", "--session", "today"));
          assertEquals("No requests.", succeed("requests", "list"));
        }
      }

      Path exported = folder.resolve("exported.json");
      assertEquals("", succeed("config", "export", "--out", exported.toString()));
      assertIn(Files.readString(exported), "\"Upper\"", "skipContentTypes");
      manager.assertStops();
    }
    try (RunningProgram command = ask("workers")) {
      command.assertEnds(3);
      assertIn(command.err().text(), "nothing listens there.");
    }
  }
}
