package org.workermanager.app.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workermanager.app.http.AccessToken;
import org.workermanager.app.http.HttpSettings;
import org.workermanager.app.http.OperatorServer;
import org.workermanager.app.http.World;
import org.workermanager.domain.reply.ReplyStatus;

/**
 * The operators' commands against the HTTP side of a manager whose stores are in memory. It serves
 * t1, with workers A and B and a workflow of both, and t2.
 */
class OperatorCommandsTest {

  private static final String ADMIN = "an-admin-of-this-manager";
  private static final String OPERATOR = "operator-of-this-manager";

  @RegisterExtension private final PrintedText printed = new PrintedText();

  @TempDir private Path folder;

  private final World world = new World();
  private OperatorServer server =
      OperatorServer.start(new HttpSettings(World.anyPort(), List.of()), world.manager::operator);
  private final Map<String, String> environment =
      new HashMap<>(Map.of("WORKER_MANAGER_URL", server.url()));

  @AfterEach
  void close() {
    server.close();
  }

  private int execute(String... arguments) {
    return WorkerManagerCommand.execute(arguments, environment, new Shutdown());
  }

  /** What it prints on standard output; it is to succeed, and to have nothing to complain of. */
  private String succeed(String... arguments) {
    int code = execute(arguments);
    assertEquals("", printed.takeErr());
    assertEquals(0, code);
    return printed.takeOut();
  }

  /** What it prints on standard error, and only there. */
  private String fail(int expected, String... arguments) {
    int code = execute(arguments);
    assertEquals("", printed.takeOut());
    String error = printed.takeErr();
    assertEquals(expected, code, error);
    assertFalse(error.contains("\tat "), error);
    return error;
  }

  private static void assertIn(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in:\n" + text);
    }
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }

  /** With any number of blanks where there is one, and the ages taken out. */
  private static List<String> rows(String table) {
    return table
        .lines()
        .map(line -> line.strip().replaceAll(" +", " ").replaceAll("\\d+ s( ago)?", "AGE"))
        .toList();
  }

  @Test
  void listsTenantsAndAddsOne() throws Exception {
    assertEquals("t1\nt2\n", succeed("tenants", "list"));
    assertEquals("Tenant t3 is served.\n", succeed("tenants", "add", "t3"));
    assertEquals("", succeed("tenants", "add", "t4", "--json"));
    assertEquals("[\"t1\",\"t2\",\"t3\",\"t4\"]\n", succeed("tenants", "list", "--json"));
  }

  @Test
  void listsRequestsPageByPage() throws Exception {
    assertEquals("No requests.\n", succeed("requests", "list", "--tenant", "t1"));
    world.beat("A", "A-1");
    world.failed("t1", "r1", "a");
    IntStream.range(0, 1_233).forEach(i -> world.submit("t1", "w" + i, "b"));
    world.submit("t2", "other", "c");

    String first = succeed("requests", "list", "--tenant", "t1");
    List<String> rows = rows(first);
    assertEquals(
        "ID REQUEST ID STATUS FOR CONTENT TYPE SOURCE SESSION WORKER TYPE ERROR", rows.get(0));
    assertTrue(rows.get(1).endsWith(" r1 ERROR AGE a owner session A said ..."), first);
    assertTrue(
        rows.get(20).endsWith(" NO_WORKER_AVAILABLE AGE b owner session B No worker 'B' is alive."),
        first);
    assertEquals("20 of 1,234 requests; next: --page 1", rows.get(21));
    assertEquals(22, rows.size());
    // aligned
    List<String> lines = first.lines().toList();
    assertEquals(lines.get(0).indexOf("STATUS"), lines.get(1).indexOf("ERROR"));
    assertEquals(lines.get(0).indexOf("STATUS"), lines.get(20).indexOf("NO_WORKER"));

    String last =
        succeed("requests", "list", "--tenant", "t1", "--page=1", "--size=1000", "--sort=id,desc");
    assertTrue(last.endsWith("234 of 1,234 requests\n"), last);
    assertTrue(rows(last).get(234).contains(" r1 ERROR "), last);
    assertEquals(
        "0 of 1,234 requests; the last page is --page 61\n",
        succeed("requests", "list", "--tenant", "t1", "--page=62"));

    JsonNode json = json(succeed("requests", "list", "--tenant", "t1", "--size", "1", "--json"));
    assertEquals("r1", json.at("/content/0/content/requestId").asText());
    assertEquals(1_234, json.at("/metadata/totalElements").asInt());
  }

  @ParameterizedTest
  @CsvSource({
    "r1 r2 r3 r4, ",
    "r1, --source=one",
    "r4, --session=days",
    "r1 r2, --worker-type=A",
    "r1 r2, --content-type=a",
    "r1 r2 r3, --content-type=a --content-type=b",
    "r4, --content-type=FL --match=starts-with --ignore-case",
    "r4, --content-type=OW --match=ends-with --ignore-case",
    "r4, --content-type=lo --match=CONTAINS",
    "r3, --not-content-type=a --not-content-type=flow",
    "r1, --status=error",
    "r1 r3 r4, --status=ERROR --status=no-worker-available",
    "r2, --not-status=ERROR --not-status=NO_WORKER_AVAILABLE",
    "r2 r3, --id=2 --id=3",
    "r1 r4, --not-id=2 --not-id=3",
    "r1 r2 r3 r4, --created-after=2026-01-01",
    ", --created-before=2026-01-01T00:00:00+01:00",
    ", --created-after=2999-12-31T23:59:59Z",
    ", --older-than=1h",
    "r1 r2 r3 r4, --older-than=1ms",
    "r3, --session=today --not-status=error --not-status=dispatched"
  })
  void findsRequestsByEveryFilter(String expected, String options) throws Exception {
    world.beat("A", "A-1");
    world.submit("t1", "r1", "a", "someone", "today");
    world.reply("t1", "r1", ReplyStatus.ERROR, null);
    world.submit("t1", "r2", "a", "me", "today");
    world.submit("t1", "r3", "b", "me", "today");
    world.manager.operator().pause("A");
    world.submit("t1", "r4", "flow", "me", "other days");

    List<String> arguments = new ArrayList<>(List.of("requests", "list", "--tenant=t1", "--json"));
    arguments.addAll(options == null ? List.of() : List.of(options.split(" ")));
    List<String> found = new ArrayList<>();
    for (JsonNode resource : json(succeed(arguments.toArray(String[]::new))).get("content")) {
      found.add(resource.at("/content/requestId").asText());
    }
    assertEquals(expected == null ? "" : expected, String.join(" ", found));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--status=gone | --status must be one of to-dispatch, dispatched",
        "--match=roughly | --match must be one of strict, starts-with, contains, ends-with, not 'roughly'",
        "--match=contains | --match is about content types",
        "--ignore-case | --ignore-case is about content types",
        "--status=error --not-status=running | --status and --not-status cannot be given together",
        "--content-type=a --not-content-type=b | --content-type and --not-content-type cannot",
        "--id=1 --not-id=2 | --id and --not-id cannot be given together",
        "--id=r1 | --id must be a whole number, not 'r1'",
        "--created-after=yesterday | --created-after must be an instant such as",
        "--created-before=2026-01-31T12:00:00 | --created-before must be an instant such as",
        "--older-than=10 | --older-than must be a duration such as",
        "--source= | --source is empty",
        "--session= | --session is empty",
        "--worker-type= | --worker-type is empty",
        "--content-type= | --content-type is empty",
        "--not-content-type=a --not-content-type= | --not-content-type is empty",
        "--page=x | --page must be a whole number, not 'x'",
        "--page=-1 | page",
        "--size=1001 | size",
        "--sort=colour | sort must be"
      })
  void refusesWhatNoFilterCanBe(String options, String reason) {
    List<String> arguments = new ArrayList<>(List.of("requests", "list", "--tenant=t1"));
    arguments.addAll(List.of(options.split(" ")));
    assertIn(fail(2, arguments.toArray(String[]::new)), reason);
  }

  @Test
  void showsOneRequestInFull() throws Exception {
    world.beat("A", "A-1");
    world.submit("t1", "a/b c", "flow");
    world.reply("t1", "a/b c", ReplyStatus.SUCCESS, "next");
    String shown = succeed("requests", "show", "--tenant", "t1", "a/b c");
    List<String> rows = rows(shown);
    assertEquals("Request a/b c (1)", rows.get(0));
    assertTrue(rows.get(1).startsWith("status NO_WORKER_AVAILABLE for AGE, since 2"), shown);
    assertTrue(rows.get(2).matches("created 2\\S+Z, AGE"), shown);
    assertEquals(
        List.of(
            "source owner",
            "session session",
            "content type flow",
            "content 4 bytes",
            "priority 3",
            "stands at step 5, B",
            "last sent to A",
            "header k: v",
            "error No worker 'B' is alive.",
            "",
            "WHEN STATUS WORKER TYPE STEP DETAIL"),
        rows.subList(3, 14));
    assertTrue(rows.get(14).matches("2\\S+Z DISPATCHED A 1"), shown);
    assertTrue(
        rows.get(15).matches("2\\S+Z NO_WORKER_AVAILABLE B 5 No worker 'B' is alive."), shown);
    assertEquals(16, rows.size());

    JsonNode json = json(succeed("requests", "show", "--tenant", "t1", "a/b c", "--json"));
    assertEquals(2, json.at("/content/history").size());

    Path saved = folder.resolve("saved");
    Path original = folder.resolve("original");
    String[] saving = {
      "requests",
      "show",
      "--tenant=t1",
      "a/b c",
      "--content=" + saved,
      "--original-content=" + original
    };
    assertIn(succeed(saving), "Request a/b c (1)");
    assertEquals("next", Files.readString(saved));
    assertEquals("content a/b c", Files.readString(original));
    assertEquals("next", succeed("requests", "show", "--tenant", "t1", "a/b c", "--content", "-"));
    assertEquals(
        "content a/b c",
        succeed("requests", "show", "--tenant", "t1", "a/b c", "--original-content", "-"));
  }

  @Test
  void saysWhyARequestCannotBeShownOrSaved() throws Exception {
    assertEquals(
        "Tenant 't1' has no held request 'nope'.\n",
        fail(2, "requests", "show", "--tenant", "t1", "nope"));
    assertIn(fail(2, "requests", "show", "--tenant", "t1"), "Missing required parameter: 'ID'");
    assertIn(
        fail(2, "requests", "show", "r", "--content=-", "--original-content=-"),
        "Only one content can be printed at a time");
    world.submit("t1", "r", "b");
    assertEquals(2, execute("requests", "show", "--tenant=t1", "r", "--content=" + folder));
    assertIn(printed.takeErr(), folder + " cannot be written: ");
    String nowhere = folder.resolve("no/file").toString();
    assertEquals(2, execute("requests", "show", "--tenant=t1", "r", "--content=" + nowhere));
    assertIn(printed.takeErr(), "There is no folder for " + nowhere);
  }

  @Test
  void whatOthersWroteCannotSteerTheTerminal() {
    world.submit("t1", "evil\u001b[2J\u202e\nid", "b", "a\tb", "s");
    String list = succeed("requests", "list", "--tenant", "t1");
    assertIn(list, "evil\\u001b[2J\\u202e\\u000aid", "a\\u0009b");
    assertEquals(3, list.lines().count());
    assertIn(
        succeed("requests", "show", "--tenant", "t1", "evil\u001b[2J\u202e\nid"),
        "Request evil\\u001b[2J\\u202e\\u000aid (1)");
  }

  @Test
  void countsRequests() throws Exception {
    assertEquals("No requests.\n", succeed("requests", "counts", "--tenant", "t1"));
    world.beat("A", "A-1");
    IntStream.range(0, 3).forEach(i -> world.failed("t1", "f" + i, "a"));
    IntStream.range(0, 1_000).forEach(i -> world.submit("t1", "w" + i, "b", "me", "today"));
    assertEquals(
        List.of(
            "STATUS REQUESTS",
            "NO_WORKER_AVAILABLE 1,000",
            "ERROR 3",
            "all 1,003",
            "",
            "WORKER TYPE NO_WORKER_AVAILABLE ERROR ALL",
            "A 0 3 3",
            "B 1,000 0 1,000",
            "",
            "SOURCE SESSION NO_WORKER_AVAILABLE ERROR ALL",
            "me today 1,000 0 1,000",
            "owner session 0 3 3"),
        rows(succeed("requests", "counts", "--tenant", "t1")));
    JsonNode json = json(succeed("requests", "counts", "--tenant=t1", "--source=own", "--json"));
    assertEquals("{\"ERROR\":3}", json.get("byStatus").toString());
  }

  @Test
  void showsTheLargestSessionsOnly() {
    IntStream.range(0, 25).forEach(i -> world.submit("t1", "r" + i, "b", "me", "s" + i));
    String counts = succeed("requests", "counts", "--tenant", "t1");
    assertEquals(20, counts.lines().filter(line -> line.startsWith("me ")).count(), counts);
    assertTrue(counts.endsWith("and 5 sessions more; --json prints them\n"), counts);
  }

  @Test
  void retriesRequests() throws Exception {
    world.beat("A", "A-1");
    IntStream.range(0, 3).forEach(i -> world.failed("t1", "f" + i, "a"));
    world.submit("t1", "w", "b");
    assertEquals(
        "Retried 4 requests: 3 dispatched, 1 waiting for a worker.\n",
        succeed("requests", "retry", "--tenant", "t1", "--all"));
    assertEquals(
        "No requests were retried.\n",
        succeed("requests", "retry", "--tenant", "t1", "--status", "ERROR"));
    JsonNode json = json(succeed("requests", "retry", "--tenant=t1", "--content-type=b", "--json"));
    assertEquals("DONE", json.get("state").asText());
    assertEquals(1, json.get("waiting").asInt());
  }

  @Test
  void deletesRequests() throws Exception {
    world.beat("A", "A-1");
    IntStream.range(0, 3).forEach(i -> world.failed("t1", "f" + i, "a"));
    world.submit("t1", "atWork", "a");
    world.submit("t2", "other", "c");
    assertEquals(
        "Deleted 1 request.\n", succeed("requests", "delete", "--tenant", "t1", "--id", "2"));
    assertEquals("Deleted 2 requests.\n", succeed("requests", "delete", "--tenant", "t1", "--all"));
    assertEquals(
        "No requests were deleted.\n", succeed("requests", "delete", "--tenant", "t1", "--all"));
    assertEquals(
        "Requests that are DISPATCHED can only be retried or deleted together with a minimum age.\n",
        fail(2, "requests", "delete", "--tenant", "t1", "--status", "dispatched"));
    assertIn(
        succeed("requests", "delete", "--tenant=t1", "--status=dispatched", "--older-than=1ms"),
        "Deleted 1 request.");
    assertIn(succeed("requests", "list", "--tenant", "t2"), "1 of 1 request\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"retry", "delete"})
  void retriesAndDeletesEverythingOnlyWhenThatIsSaid(String change) {
    world.submit("t1", "w", "b");
    assertIn(
        fail(2, "requests", change, "--tenant", "t1"),
        "Which requests are meant?",
        "--all",
        "Try: worker-manager requests " + change + " --help");
    assertIn(
        fail(2, "requests", change, "--tenant", "t1", "--all", "--id", "1"),
        "--all cannot be given together");
    // as of a variable that is not set
    assertIn(fail(2, "requests", change, "--tenant", "t1", "--source="), "--source is empty");
    assertIn(succeed("requests", "list", "--tenant", "t1"), "1 of 1 request\n");
  }

  @Test
  void operationsCanBeLookedAtLater() throws Exception {
    assertEquals("No operations.\n", succeed("requests", "operations", "--tenant", "t1"));
    world.submit("t1", "w", "b");
    String id =
        succeed("requests", "retry", "--tenant", "t1", "--all", "--no-wait").stripTrailing();
    assertEquals(
        "Retried 1 request: 0 dispatched, 1 waiting for a worker.\n",
        succeed("requests", "operations", "--tenant", "t1", id, "--wait"));
    assertEquals(
        "Retried 1 request: 0 dispatched, 1 waiting for a worker.\n",
        succeed("requests", "operations", "--tenant", "t1", id));
    assertEquals(
        List.of(
            "ID KIND STATE STARTED MATCHED DONE WAITING REFUSED", id + " RETRY DONE AGE 1 0 1 0"),
        rows(succeed("requests", "operations", "--tenant", "t1")));
    JsonNode begun =
        json(succeed("requests", "delete", "--tenant=t1", "--all", "--no-wait", "--json"));
    assertEquals("DELETE", begun.get("kind").asText());
    assertEquals(2, json(succeed("requests", "operations", "--tenant=t1", "--json")).size());
    assertIn(fail(2, "requests", "operations", "--tenant", "t1", "nope"), "nope");
    assertIn(fail(2, "requests", "operations", "--tenant", "t1", "--wait"), "--wait", "its ID");
  }

  @Test
  void jsonIsInItsOwnEncodingWhateverTheTerminalHas() throws Exception {
    world.submit("t1", "\u00e9", "b");
    String property = "sun.stdout.encoding";
    String before = System.getProperty(property);
    System.setProperty(property, "US-ASCII");
    try {
      JsonNode page = json(succeed("requests", "list", "--tenant=t1", "--json"));
      assertEquals("\u00e9", page.at("/content/0/content/requestId").asText());
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  @Test
  void requestIdsAreListedInFullAndTakenLiterally() throws Exception {
    String longest = "x".repeat(255);
    world.submit("t1", longest, "b");
    assertIn(succeed("requests", "list", "--tenant=t1"), " " + longest + " ");
    // no file of arguments, even where one has that name
    Path arguments = Files.writeString(folder.resolve("arguments"), "--json");
    world.submit("t1", "@" + arguments, "b");
    assertIn(succeed("requests", "show", "--tenant=t1", "@" + arguments), "Request @" + arguments);
  }

  @Test
  void listsWorkers() throws Exception {
    world.beat("A", "A-1");
    world.beat("A", "A-2");
    world.manager.operator().pause("B");
    assertEquals(
        List.of(
            "WORKER TYPE STATE INSTANCES LAST BEAT OVERDUE CONFIGURED",
            "A alive 2 AGE 0 yes",
            "B silent, paused 0 not lately 0 yes",
            "C silent 0 not lately 0 yes"),
        rows(succeed("workers")));
    assertEquals(
        List.of(
            "WORKER TYPE STATE INSTANCES LAST BEAT OVERDUE CONFIGURED",
            "A alive 2 AGE 0 no",
            "B silent, paused 0 not lately 0 no",
            "C silent 0 not lately 0 yes"),
        rows(succeed("workers", "--tenant", "t2")));
    assertEquals(
        List.of("WORKER TYPE INSTANCE FIRST BEAT LAST BEAT", "A A-1 AGE AGE", "A A-2 AGE AGE"),
        rows(succeed("workers", "--instances")));
    assertEquals(3, json(succeed("workers", "--json")).size());
  }

  @Test
  void pausesAndResumes() {
    world.beat("A", "A-1");
    assertEquals("A is paused: its requests wait until it is resumed.\n", succeed("pause", "A"));
    assertIn(rows(succeed("workers")).get(1), "A alive, paused");
    assertEquals("A is not paused: requests go to it.\n", succeed("resume", "A"));
    assertIn(rows(succeed("workers")).get(1), "A alive 1");
    assertEquals("", succeed("pause", "A", "--json"));

    assertEquals(0, execute("pause", "Typo"));
    assertEquals("Note: no tenant has a worker type Typo; there are: A, B, C\n", printed.takeErr());
    printed.takeOut();
    assertEquals("'b a d' cannot be a worker type.\n", fail(2, "pause", "b a d"));
  }

  @Test
  void importsAndExportsAConfiguration() throws Exception {
    Path exported = folder.resolve("exported.json");
    assertEquals("", succeed("config", "export", "--tenant=t1", "--out=" + exported));
    assertArrayEquals(
        Files.readAllBytes(exported),
        succeed("config", "export", "--tenant", "t1").getBytes("UTF-8"));
    assertEquals(
        "Tenant t9 was not served until now, and is from now on.\n"
            + "In force for tenant t9 now: 2 workers, 1 workflow, 1 content type to skip.\n",
        succeed("config", "import", "--tenant", "t9", exported.toString()));
    assertEquals(Files.readString(exported), succeed("config", "export", "--tenant", "t9"));
  }

  @Test
  void tellsOfAnImportWhatIsInForceAndWhatIsInVain() throws Exception {
    Path more = file(worker("D", "'keepErors': false, 'contentTypeInputs': ['d']"));
    assertEquals(0, execute("config", "import", "--tenant", "t2", more.toString()));
    assertEquals(
        "Note: configuration[0], worker 'D': unknown field 'keepErors' is ignored\n",
        printed.takeErr());
    assertEquals(
        "In force for tenant t2 now: 2 workers, 0 workflows, 0 content types to skip.\n",
        printed.takeOut());
  }

  @Test
  void aRefusedImportListsEveryErrorAndChangesNothing() throws Exception {
    String before = succeed("config", "export", "--tenant", "t2");
    Path bad =
        file(
            worker("D", "'contentTypeInputs': []") + "," + worker("E", "'contentTypeInputs': 'c'"));
    String error = fail(2, "config", "import", "--tenant", "t2", bad.toString());
    assertIn(error, bad + " is refused, and nothing has changed:\n", "'D'", "'E'");
    assertEquals(3, error.lines().count(), error);
    assertEquals(before, succeed("config", "export", "--tenant", "t2"));
    assertEquals(
        "There is no file nowhere.json.\n",
        fail(2, "config", "import", "--tenant", "t2", "nowhere.json"));
  }

  private static String worker(String type, String fields) {
    return "{'key': 'fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto', 'value': {'workerType': '%s', %s}}"
        .formatted(type, fields);
  }

  private Path file(String items) throws Exception {
    return Files.writeString(
        folder.resolve("c.json"),
        "{'modules': [{'module': {'id': 'workermanager'}, 'configuration': [%s]}]}"
            .formatted(items)
            .replace('\'', '"'));
  }

  @Test
  void theOnlyTenantNeedNotBeNamed() throws Exception {
    assertEquals(
        "Which tenant is meant? Say so with --tenant; the manager serves t1, t2.\n"
            + "Try: worker-manager requests list --help\n",
        fail(2, "requests", "list"));
    assertEquals("Tenant 'nix' is not served.\n", fail(2, "requests", "list", "--tenant=nix"));
  }

  @Test
  void tokensAreTakenFromTheEnvironmentOrTheCommandLine() {
    server.close();
    server =
        OperatorServer.start(
            new HttpSettings(
                World.anyPort(),
                List.of(
                    AccessToken.parse("admin=" + ADMIN),
                    AccessToken.parse("operator=" + OPERATOR))),
            world.manager::operator);
    environment.put("WORKER_MANAGER_URL", server.url());
    world.submit("t1", "w", "b");
    assertIn(
        fail(2, "requests", "list", "--tenant", "t1"),
        "Give its token in the variable WORKER_MANAGER_TOKEN");
    assertIn(fail(2, "tenants", "list", "--token", "wrong"), "WORKER_MANAGER_TOKEN");

    environment.put("WORKER_MANAGER_TOKEN", OPERATOR);
    assertIn(succeed("requests", "list", "--tenant", "t1"), "1 of 1 request");
    String refusal = fail(2, "requests", "delete", "--tenant", "t1", "--all");
    assertFalse(refusal.contains("WORKER_MANAGER_TOKEN"), refusal);
    assertFalse(refusal.contains(OPERATOR), refusal);
    assertIn(
        succeed("requests", "delete", "--tenant", "t1", "--all", "--token", ADMIN), "Deleted 1");
    environment.put("WORKER_MANAGER_TOKEN", "two words");
    String malformed = fail(2, "tenants", "list");
    assertIn(malformed, "--token (WORKER_MANAGER_TOKEN) must be visible ASCII characters");
    assertFalse(malformed.contains("two words"), malformed);
  }

  @Test
  void saysThatNoManagerIsThere() {
    server.close();
    assertEquals(
        "Cannot reach a worker manager at "
            + server.url()
            + ": nothing listens there.\n"
            + "Start one with 'worker-manager run', or give its address with --url.\n",
        fail(3, "workers"));
    assertIn(
        fail(2, "workers", "--url", "localhost:8085"),
        "--url (WORKER_MANAGER_URL) must be http://HOST:PORT");
  }

  @Test
  void aManagerThatIsNotReadySaysSo() {
    server.close();
    server = OperatorServer.start(new HttpSettings(World.anyPort(), List.of()), () -> null);
    String reason = fail(1, "workers", "--url", server.url());
    assertEquals(1, reason.lines().count(), reason);
  }

  /** What a service is set up with is none of their business, and the reverse. */
  @Test
  void theVariablesOfServicesAndOfClientsAreKeptApart() {
    environment.put("WORKER_MANAGER_TENANTS", "t1,t2");
    environment.put("WORKER_MANAGER_TENANT", "t1");
    environment.put("WORKER_MANAGER_HTTP", "off");
    environment.put("WORKER_MANAGER_JSON", "true");
    assertEquals("t1\nt2\n", succeed("tenants", "list"));
    assertIn(fail(2, "requests", "list"), "Which tenant is meant?");

    environment.clear();
    environment.put("WORKER_MANAGER_URL", "nonsense");
    environment.put("WORKER_MANAGER_TOKEN", "two words");
    String error = fail(2, "run", "--tenant=");
    assertFalse(error.contains("WORKER_MANAGER_URL"), error);
    assertIn(error, "--tenant");
  }
}
