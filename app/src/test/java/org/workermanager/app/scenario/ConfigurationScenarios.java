package org.workermanager.app.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.workermanager.app.Eventually.await;
import static org.workermanager.app.scenario.OperatorClient.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.workermanager.app.scenario.OperatorClient.Reply;

/** What operators configure over HTTP, and what comes of it (PROTOCOL sections 9 and 10). */
abstract class ConfigurationScenarios extends Scenarios {

  private static final String FILE = "/microservice/configuration";

  ConfigurationScenarios(Stage stage) {
    super(stage);
  }

  /** A file as the protocol describes it. */
  private static String file(boolean reset, String... items) {
    return """
        {"microservice": "rs-worker-manager", "modules": [{"module": {"id": "workermanager"},
          "resetBeforeImport": %s, "configuration": [%s]}]}
        """
        .formatted(reset, String.join(",", items));
  }

  private String workerItem(String name, String more) {
    return """
        {"key": "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto",
          "value": {"workerType": "%s", %s}}
        """
        .formatted(type(name), more);
  }

  private static String workflowItem(String workflowType, String steps) {
    return """
        {"key": "fr.cnes.regards.modules.workermanager.dto.WorkflowConfigDto",
          "value": {"workflowType": "%s", "steps": [%s]}}
        """
        .formatted(workflowType, steps);
  }

  private static String skipItem(String list) {
    return """
        {"key": "fr.cnes.regards.framework.modules.tenant.settings.domain.DynamicTenantSetting",
          "value": {"name": "skipContentTypes", "description": "d", "value": "%s",
            "defaultValue": "[]", "className": "java.util.ArrayList",
            "containsSensitiveParameters": false}}
        """
        .formatted(list.replace("\"", "\\\""));
  }

  private String request(String contentType) throws Exception {
    String id = id();
    peer.request(id, contentType, "of " + id);
    return id;
  }

  private void assertGoesTo(String name, String contentType) throws Exception {
    String id = request(contentType);
    assertEquals(type(name), peer.expect(id, "GRANTED").header("regards.worker_id"));
    assertEquals("of " + id, work(name).text());
  }

  @Test
  void aFileIsImportedAsAPartOrByItself() throws Exception {
    alive("One", "Two");
    Reply reply =
        operator()
            .upload(
                FILE,
                file(true, workerItem("One", "\"contentTypeInputs\": [\"é 1\"]")).getBytes(UTF_8));
    assertEquals(201, reply.status(), reply.text());
    assertGoesTo("One", "é 1");
    operator().importFile(file(true, workerItem("Two", "\"contentTypeInputs\": [\"two\"]")));
    assertGoesTo("Two", "two");
    peer.expect(request("é 1"), "DELAYED");
  }

  @Test
  void aFileWithErrorsIsRefusedAsAWholeWithAllOfThemAndTheOneInForceStays() throws Exception {
    alive("Work");
    operator()
        .importFile(
            file(
                true,
                workerItem("Work", "\"contentTypeInputs\": [\"work\"]"),
                skipItem("[\"skipped\"]")));
    byte[] before = operator().get(FILE).body();
    String faulty =
        file(
            true,
            workerItem("Work", "\"contentTypeInputs\": [\"good\"]"),
            workerItem("Bad name!", "\"contentTypeInputs\": [\"a\"]"),
            workerItem("Empty", "\"contentTypeInputs\": []"),
            workerItem("Thief", "\"contentTypeInputs\": [\"good\"]"),
            workflowItem("flow", "{\"stepNumber\": 1, \"workerType\": \"nobody\"}"),
            skipItem("[\"good\"]"));
    for (Reply reply :
        List.of(
            operator().call("POST", FILE, faulty),
            operator().upload(FILE, faulty.getBytes(UTF_8)))) {
      assertProblem(409, reply);
      List<String> errors = new ArrayList<>();
      reply.json().path("errors").forEach(error -> errors.add(error.asText()));
      for (String named :
          List.of("Bad name!", type("Empty"), type("Thief"), "nobody", "skipContentTypes")) {
        assertTrue(errors.stream().anyMatch(e -> e.contains(named)), named + " in " + errors);
      }
    }
    assertArrayEquals(before, operator().get(FILE).body());
    assertGoesTo("Work", "work");
    peer.expect(request("skipped"), "SKIPPED");
    peer.expect(request("good"), "DELAYED");
  }

  @Test
  void whatIsNoConfigurationFileIsRefused() throws Exception {
    operator().importFile(file(true, workerItem("Work", "\"contentTypeInputs\": [\"work\"]")));
    byte[] before = operator().get(FILE).body();
    for (String wrong : List.of("{}", "[]", "no JSON", "{\"modules\": 1}")) {
      assertProblem(409, operator().call("POST", FILE, wrong));
    }
    assertProblem(415, operator().call("POST", FILE));
    assertArrayEquals(before, operator().get(FILE).body());
  }

  @Test
  void anImportTakesEffectOnRequestsThatWaitAlready() throws Exception {
    alive("A", "B");
    String id = request("flow");
    String direct = request("a");
    peer.expect(id, "DELAYED");
    peer.expect(direct, "DELAYED");
    operator()
        .importFile(
            file(
                true,
                workerItem("A", "\"contentTypeInputs\": [\"a\"], \"contentTypeOutput\": \"b\""),
                workerItem("B", "\"contentTypeInputs\": [\"b\"]"),
                workflowItem(
                    "flow",
                    "{\"stepNumber\": 7, \"workerType\": \"%s\"}, {\"stepNumber\": 2, \"workerType\": \"%s\"}"
                        .formatted(type("B"), type("A")))));
    assertEquals(type("A"), peer.expect(id, "GRANTED").header("regards.worker_id"));
    peer.expect(direct, "GRANTED");
    peer.awaitWaiting(type("A"), 2);
    peer.succeed(id, "between");
    peer.expect(id, "GRANTED");
    assertEquals("between", work("B").text());
    peer.succeed(id, "end");
    assertEquals("end", text(peer.expect(id, "SUCCESS").content()));
  }

  @Test
  void anImportTakesEffectOnAnotherInstance() throws Exception {
    try (Instance other = stage.startAnother()) {
      OperatorClient there = other.operator(tenant());
      alive("One", "Two");
      other.awaitAlive(type("One"));
      other.awaitAlive(type("Two"));
      String waiting = request("one");
      peer.expect(waiting, "DELAYED");

      operator().importFile(file(true, workerItem("One", "\"contentTypeInputs\": [\"one\"]")));
      peer.expect(waiting, "GRANTED");
      byte[] first = operator().get(FILE).body();
      await("the other instance to have it").until(() -> same(first, there.get(FILE).body()));

      there.importFile(file(false, workerItem("Two", "\"contentTypeInputs\": [\"two\"]")));
      there.call("PUT", "/settings/skipContentTypes", "{\"value\": [\"skipped\"]}");
      byte[] second = there.get(FILE).body();
      await("the first instance to have it").until(() -> same(second, operator().get(FILE).body()));
      // whichever of them takes it
      for (int i = 0; i < 5; i++) {
        assertGoesTo("Two", "two");
        peer.expect(request("skipped"), "SKIPPED");
      }

      there.change("POST", "/worker-types/" + type("Two") + "/pause");
      await("the first instance to know")
          .until(() -> operator().workerType(type("Two")).path("paused").asBoolean());
    }
  }

  private static boolean same(byte[] one, byte[] other) {
    return new String(one, UTF_8).equals(new String(other, UTF_8));
  }

  @Test
  void whatIsExportedIsImportedElsewhereAsItIs() throws Exception {
    operator()
        .importFile(
            file(
                true,
                workerItem(
                    "A",
                    "\"contentTypeInputs\": [\"a\", \"a 2\", \"ä \\\\\\\" /\"], \"contentTypeOutput\": \"b\", \"keepErrors\": false"),
                workerItem("B", "\"contentTypeInputs\": [\"b\"], \"dispatchTimeout\": \"PT90M\""),
                workflowItem(
                    "flow",
                    "{\"stepNumber\": 40, \"workerType\": \"%s\"}, {\"stepNumber\": 0, \"workerType\": \"%s\"}"
                        .formatted(type("B"), type("A"))),
                skipItem("[\"x\", \"y, z\", \"\\\\u00e9\"]")));
    byte[] exported = operator().get(FILE).body();
    OperatorClient elsewhere = stage.operator("elsewhere " + tenant());
    elsewhere.importFile(file(true, workerItem("Other", "\"contentTypeInputs\": [\"other\"]")));
    Reply reply = elsewhere.upload(FILE, exported);
    assertEquals(201, reply.status(), reply.text());
    assertEquals(new String(exported, UTF_8), elsewhere.get(FILE).text());
    operator().importFile(new String(exported, UTF_8));
    assertEquals(new String(exported, UTF_8), operator().get(FILE).text());
    JsonNode setting = elsewhere.get("/settings?names=skipContentTypes").json().path(0);
    assertEquals("[\"x\",\"y, z\",\"é\"]", setting.path("content").path("value").toString());
  }

  @Test
  void contentTypesAreSkippedAsTheSettingSays() throws Exception {
    operator().importFile(file(true, workerItem("Work", "\"contentTypeInputs\": [\"work\"]")));
    peer.expect(request("unwanted"), "DELAYED");
    Reply set =
        operator()
            .call(
                "PUT",
                "/settings/skipContentTypes",
                "{\"name\": \"skipContentTypes\", \"value\": [\"unwanted\"]}");
    assertEquals(200, set.status(), set.text());
    assertEquals("[\"unwanted\"]", set.json().path("content").path("value").toString());
    peer.expect(request("unwanted"), "SKIPPED");

    JsonNode refused =
        assertProblem(
                409,
                operator()
                    .call(
                        "PUT",
                        "/settings/skipContentTypes",
                        "{\"value\": [\"work\", \"unwanted\"]}"))
            .json();
    assertTrue(refused.toString().contains("work"), refused.toString());
    peer.expect(request("unwanted"), "SKIPPED");
    assertProblem(404, operator().call("PUT", "/settings/other", "{\"value\": []}"));
    assertProblem(404, operator().call("DELETE", "/settings/other"));

    assertEquals(200, operator().call("DELETE", "/settings/skipContentTypes").status());
    peer.expect(request("unwanted"), "DELAYED");
    JsonNode settings = operator().get("/settings").json();
    assertEquals("[]", settings.path(0).path("content").path("value").toString());
  }

  @Test
  void fieldsThatAreNotKnownAreTaken() throws Exception {
    alive("Work");
    operator()
        .importFile(
            """
            {"microservice": "rs-worker-manager", "version": {"a": [1]}, "modules": [
              {"module": {"id": "other"}, "configuration": [{"key": "k", "value": 1}]},
              {"module": {"id": "workermanager", "version": "1.15", "name": null},
               "resetBeforeImport": true, "more": 1, "configuration": [
                {"key": "fr.cnes.regards.modules.workermanager.dto.WorkerConfigDto", "id": 3,
                 "value": {"workerType": "%s", "contentTypeInputs": ["work"], "colour": "red"}}]}]}
            """
                .formatted(type("Work")));
    assertGoesTo("Work", "work");
  }

  @Test
  void anImportReplacesEverythingOrMerges() throws Exception {
    alive("A", "B");
    operator()
        .importFile(
            file(
                true,
                workerItem("A", "\"contentTypeInputs\": [\"a\"]"),
                workerItem("B", "\"contentTypeInputs\": [\"b\"]"),
                skipItem("[\"skipped\"]")));
    operator().importFile(file(false, workerItem("A", "\"contentTypeInputs\": [\"a2\"]")));
    assertGoesTo("A", "a2");
    assertGoesTo("B", "b");
    String waiting = request("a");
    peer.expect(waiting, "DELAYED");
    peer.expect(request("skipped"), "SKIPPED");
    operator().importFile(file(true, workerItem("A", "\"contentTypeInputs\": [\"a\"]")));
    peer.expect(waiting, "GRANTED");
    assertEquals("of " + waiting, work("A").text());
    assertGoesTo("A", "a");
    peer.expect(request("b"), "DELAYED");
    peer.expect(request("skipped"), "DELAYED");
  }
}
