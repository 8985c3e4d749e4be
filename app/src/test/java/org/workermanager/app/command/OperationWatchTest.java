package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.workermanager.app.Eventually;
import org.workermanager.app.client.StubManager;

/** Waiting for retries and deletes, however they go. */
class OperationWatchTest {

  @RegisterExtension private final PrintedText printed = new PrintedText();

  private final Shutdown shutdown = new Shutdown();
  private final StubManager stub;

  OperationWatchTest() throws Exception {
    stub = new StubManager();
  }

  @AfterEach
  void close() {
    stub.close();
  }

  private int execute(String change, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("requests", change, "--all", "--tenant=t1", "--url=" + stub.url()));
    arguments.addAll(List.of(more));
    return WorkerManagerCommand.execute(arguments.toArray(String[]::new), Map.of(), shutdown);
  }

  private static String operation(String kind, String state, String more) {
    return "{\"id\":\"op\",\"kind\":\"%s\",\"state\":\"%s\",%s}"
        .formatted(kind, state, more.replace('\'', '"'));
  }

  private static String refusals(int number) {
    return IntStream.rangeClosed(1, number)
        .mapToObj(i -> "{'id':%d,'requestId':'r%d','reason':'It has begun.'}".formatted(i, i))
        .collect(Collectors.joining(",", "'refusals':[", "]"));
  }

  @Test
  void waitsUntilItIsOverThroughMomentsOfTrouble() {
    stub.json(operation("RETRY", "RUNNING", "'matched':0"))
        .json(operation("RETRY", "RUNNING", "'matched':5,'done':1"))
        .problem(503, "Too many at once.")
        .json(operation("RETRY", "DONE", "'matched':5,'done':4,'waiting':1"));
    assertEquals(0, execute("retry"));
    assertEquals("Retried 5 requests: 4 dispatched, 1 waiting for a worker.\n", printed.takeOut());
    // not on a terminal, and all too quick to tell
    assertEquals("", printed.takeErr());
  }

  @Test
  void namesTheFirstOfThoseRefused() {
    stub.json(
        operation("DELETE", "DONE", "'matched':1250,'done':1200,'refused':50," + refusals(12)));
    assertEquals(1, execute("delete"));
    List<String> lines = printed.takeOut().lines().toList();
    assertEquals("Deleted 1,200 requests; 50 refused:", lines.get(0));
    assertEquals("  r1 (1): It has begun.", lines.get(1));
    assertEquals("  r10 (10): It has begun.", lines.get(10));
    assertEquals("  and 40 more", lines.get(11));
    assertEquals(12, lines.size());
  }

  @Test
  void namesAllOfAFewRefused() {
    stub.json(operation("RETRY", "DONE", "'matched':3,'done':1,'refused':2," + refusals(2)));
    assertEquals(1, execute("retry"));
    assertEquals(
        "Retried 1 request: 1 dispatched, 0 waiting for a worker; 2 refused:\n"
            + "  r1 (1): It has begun.\n"
            + "  r2 (2): It has begun.\n",
        printed.takeOut());
  }

  @Test
  void tellsWhyItEndedBeforeItsTime() {
    stub.json(operation("DELETE", "FAILED", "'reason':'No database.','matched':9,'done':2"));
    assertEquals(1, execute("delete"));
    assertEquals("The operation failed: No database.\nDeleted 2 requests.\n", printed.takeOut());
  }

  @Test
  void programsGetTheLastStateOnly() {
    String done = operation("RETRY", "DONE", "'matched':1,'refused':1," + refusals(1));
    stub.json(operation("RETRY", "RUNNING", "'matched':1")).json(done);
    assertEquals(1, execute("retry", "--json"));
    assertEquals(done + "\n", printed.takeOut());
    assertEquals("", printed.takeErr());
  }

  @Test
  void aManagerThatWasStartedAnewKnowsNothingOfIt() {
    stub.json(operation("RETRY", "RUNNING", "'matched':1")).problem(404, "No such operation.");
    assertEquals(1, execute("retry"));
    assertTrue(
        printed.takeErr().startsWith("What became of operation op cannot be told"),
        printed::toString);
  }

  @Test
  void aManagerThatIsGoneIsSaidToBe() {
    stub.json(operation("RETRY", "RUNNING", "'matched':1")).answers(502, null, "");
    assertEquals(3, execute("retry"));
    List<String> lines = printed.takeErr().lines().toList();
    assertEquals("Whether operation op goes on cannot be told now.", lines.get(0));
    assertTrue(lines.get(1).startsWith("Cannot reach a worker manager at "), lines.get(1));
  }

  @Test
  void whoeverEndsItEarlyHearsThatItGoesOn() throws Exception {
    stub.json(operation("RETRY", "RUNNING", "'matched':10,'done':1"));
    CompletableFuture<Integer> command =
        CompletableFuture.supplyAsync(() -> execute("retry"), task -> new Thread(task).start());
    // as by Ctrl-C, until it has got as far as waiting
    Eventually.await("what it says")
        .until(
            () -> {
              shutdown.stop();
              return !printed.toString().isEmpty();
            });
    assertEquals("The manager goes on with operation op.\n", printed.takeErr());
    stub.close();
    assertEquals(3, command.get(30, TimeUnit.SECONDS));
  }

  @Test
  void whatIsOverIsNotSaidToGoOn() {
    stub.json(operation("RETRY", "DONE", "'matched':0"));
    assertEquals(0, execute("retry"));
    shutdown.stop();
    assertEquals("", printed.takeErr());
  }
}
