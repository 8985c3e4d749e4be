package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workermanager.app.http.Client.Reply;
import org.workermanager.domain.reply.ReplyStatus;

/** What each call answers, on a manager whose stores are in memory. */
class OperatorServerTest {

  private final World world = new World();
  private final OperatorServer server =
      OperatorServer.start(new HttpSettings(World.anyPort(), List.of()), world.manager::operator);
  private final Client client = new Client(server.address(), Map.of("scope", World.TENANT));
  private final Client nobody = client.with(Map.of());

  @AfterEach
  void close() {
    server.close();
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode page(String query, String filter) {
    return client.post("/requests" + query, filter).assertStatus(200).json();
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("content").forEach(each -> ids.add(each.at("/content/requestId").textValue()));
    return ids;
  }

  private static List<String> texts(JsonNode list, String field) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(field == null ? each.textValue() : each.path(field).asText()));
    return texts;
  }

  private static Set<String> fields(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  // requests

  @Test
  void aPageIsAsExistingOperatorsKnowIt() {
    world.beat("A", "A-1");
    world.failed("t1", "r1", "a");
    world.submit("t1", "r2", "unknown");
    world.submit("t2", "r1", "c");

    JsonNode page = page("?page=0&size=20&sort=requestId,asc", "{}");

    assertEquals(Set.of("content", "metadata", "links"), fields(page));
    assertEquals(
        json("{'size':20,'number':0,'totalElements':2,'totalPages':1}"), page.path("metadata"));
    assertEquals(json("[]"), page.path("links"));
    assertEquals(json("[]"), page.at("/content/0/links"));
    JsonNode failed = page.at("/content/0/content");
    assertTrue(failed.path("id").isIntegralNumber());
    assertEquals("r1", failed.path("requestId").textValue());
    assertTrue(failed.path("creationDate").textValue().matches("\\d{4}-.*T.*Z"));
    assertEquals("a", failed.path("contentType").textValue());
    assertEquals("owner", failed.path("source").textValue());
    assertEquals("session", failed.path("session").textValue());
    assertEquals("ERROR", failed.path("status").textValue());
    assertEquals("A", failed.path("dispatchedWorkerType").textValue());
    assertEquals("said\nmore", failed.path("error").textValue());
    assertEquals(3, failed.path("priority").intValue());
    assertEquals("A", failed.path("workerType").textValue());
    assertTrue(
        failed.path("since").textValue().compareTo(failed.path("creationDate").textValue()) > 0);
    assertEquals(
        Set.of(
            "id",
            "requestId",
            "creationDate",
            "contentType",
            "source",
            "session",
            "status",
            "error",
            "priority",
            "since"),
        fields(page.at("/content/1/content")),
        "what is absent is left out");
  }

  @Test
  void pagesAreCutAndSortedAsAsked() {
    for (String id : List.of("b", "c", "a", "e", "d")) {
      world.submit("t1", id, "a", "owner", id.compareTo("c") < 0 ? "s1" : "s2");
    }
    assertEquals(List.of("b", "c", "a", "e", "d"), ids(page("", null)), "by arrival");
    JsonNode page = page("?page=1&size=2&sort=requestId,desc", "{}");
    assertEquals(List.of("c", "b"), ids(page));
    assertEquals(
        json("{'size':2,'number':1,'totalElements':5,'totalPages':3}"), page.path("metadata"));
    assertEquals(
        List.of("c", "d", "e", "a", "b"), ids(page("?sort=session,desc&sort=requestId,asc", "{}")));
    assertEquals(List.of("a", "b", "c", "d", "e"), ids(page("?sort=session,requestId", "{}")));
    assertEquals(List.of("d", "e", "a", "c", "b"), ids(page("?sort=id,DESC", "{}")));
    assertEquals(List.of(), ids(page("?page=9", "{}")));
    assertEquals(20, page("", "{}").at("/metadata/size").intValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "page=-1|page",
        "page=x|page",
        "page=1&page=2|page",
        "page=99999999999|page",
        "size=0|size",
        "size=1001|size",
        "size=|size",
        "sort=nonsense,asc|sort",
        "sort=|sort",
        "sort=requestId,up|sort",
        "sort=asc|sort",
        "siez=5|siez",
      })
  void whatIsWrongWithAPageIsNamed(String query, String name) {
    String problem = client.post("/requests?" + query, "{}").problem(400);
    assertTrue(problem.contains(name), problem);
  }

  @Test
  void everyFieldOfAFilterFilters() {
    world.beat("A", "A-1");
    world.submit("t1", "r1", "a", "me", "today");
    world.reply("t1", "r1", ReplyStatus.ERROR, null);
    world.submit("t1", "r2", "Unknown", "you", "yesterday");
    long second = page("?sort=requestId,asc", "{}").at("/content/1/content/id").longValue();

    assertEquals(List.of("r1"), ids(page("", "{'source':'m'}")));
    assertEquals(List.of(), ids(page("", "{'source':'M'}")));
    assertEquals(List.of("r2"), ids(page("", "{'session':'yes'}")));
    assertEquals(List.of("r1"), ids(page("", "{'dispatchedWorkerType':'A'}")));
    assertEquals(
        List.of("r1"), ids(page("", "{'contentTypes':{'values':['a'],'mode':'INCLUDE'}}")));
    assertEquals(
        List.of("r2"), ids(page("", "{'contentTypes':{'values':['a'],'mode':'EXCLUDE'}}")));
    assertEquals(
        List.of("r2"),
        ids(
            page(
                "",
                "{'contentTypes':{'values':['UNK'],'mode':'INCLUDE','matchMode':'STARTS_WITH','ignoreCase':true}}")));
    assertEquals(
        List.of("r1"), ids(page("", "{'statuses':{'values':['ERROR'],'mode':'INCLUDE'}}")));
    assertEquals(
        List.of("r2"), ids(page("", "{'ids':{'values':[" + second + "],'mode':'INCLUDE'}}")));
    assertEquals(
        List.of(), ids(page("", "{'creationDate':{'before':'2020-01-01T00:00:00+02:00'}}")));
    assertEquals(
        List.of("r1", "r2"), ids(page("", "{'creationDate':{'after':'2020-01-01T00:00:00Z'}}")));
    assertEquals(List.of(), ids(page("", "{'minimumAge':'PT1H'}")));
    assertEquals(
        List.of("r1", "r2"), ids(page("", "{'source':null,'statuses':null,'minimumAge':null}")));
  }

  @Test
  void aRequestIsShownInFull() {
    world.beat("A", "A-1");
    world.submit("t1", "r1", "flow");
    world.reply("t1", "r1", ReplyStatus.SUCCESS, "between");

    JsonNode shown = client.get("/requests/r1").assertStatus(200).json();

    assertEquals(Set.of("content", "links"), fields(shown));
    JsonNode request = shown.path("content");
    assertEquals("NO_WORKER_AVAILABLE", request.path("status").textValue());
    assertEquals(5, request.path("step").intValue());
    assertEquals("B", request.path("workerType").textValue());
    assertEquals(7, request.path("contentSize").intValue());
    assertEquals(json("{'k':'v'}"), request.path("additionalHeaders"));
    JsonNode history = request.path("history");
    assertEquals(List.of("DISPATCHED", "NO_WORKER_AVAILABLE"), texts(history, "status"));
    assertEquals("A", history.at("/0/workerType").textValue());
    assertEquals(1, history.at("/0/step").intValue());
    assertFalse(history.path(0).has("detail"));
    assertEquals(request.path("error"), history.at("/1/detail"));
    assertEquals(request.path("since"), history.at("/1/at"));

    assertEquals("between", client.get("/requests/r1/content").assertStatus(200).text());
    Reply original = client.get("/requests/r1/original-content").assertStatus(200);
    assertEquals("content r1", original.text());
    assertEquals("application/octet-stream", original.header("Content-Type"));
  }

  @Test
  void contentThatNeverChangedIsTheOriginalOne() {
    world.submit("t1", "r1", "a");
    assertEquals("content r1", client.get("/requests/r1/original-content").text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/content", "/original-content"})
  void aRequestThatIsNotHeldIsNotFound(String part) {
    world.submit("t2", "r1", "c");
    String problem = client.get("/requests/r1" + part).problem(404);
    assertTrue(problem.contains("r1") && problem.contains("t1"), problem);
    client.with(Map.of("scope", "t2")).get("/requests/r1" + part).assertStatus(200);
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, a%2Fb",
    "a b, a%20b",
    "a+b, a+b",
    "é?, %C3%A9%3F",
    "%41, %2541",
    "retry, retry",
    "content, content"
  })
  void aRequestIdMayContainAnything(String id, String path) {
    world.submit("t1", id, "a");
    JsonNode shown = client.get("/requests/" + path).assertStatus(200).json();
    assertEquals(id, shown.at("/content/requestId").textValue());
    assertEquals("content " + id, client.get("/requests/" + path + "/content").text());
  }

  @Test
  void requestsAreCounted() {
    world.beat("A", "A-1");
    world.failed("t1", "r1", "a");
    world.failed("t1", "r2", "a");
    world.submit("t1", "r3", "b", "me", "today");
    world.submit("t2", "r3", "c");

    assertEquals(
        json(
            """
            {'byStatus':{'NO_WORKER_AVAILABLE':1,'ERROR':2},
             'byWorkerType':{'A':{'ERROR':2},'B':{'NO_WORKER_AVAILABLE':1}},
             'bySession':[{'source':'owner','session':'session','byStatus':{'ERROR':2}},
                          {'source':'me','session':'today','byStatus':{'NO_WORKER_AVAILABLE':1}}]}"""),
        client.post("/requests/counts", null).assertStatus(200).json());
    assertEquals(
        json("{'ERROR':2}"),
        client.post("/requests/counts", "{'source':'owner'}").json().path("byStatus"));
  }

  // tenants

  @Test
  void theTenantIsNamedByAParameterOrAHeader() {
    world.submit("t2", "r1", "c");
    Client t2 = client.with(Map.of("scope", "t2"));
    assertEquals(List.of("r1"), ids(t2.post("/requests", "{}").json()));
    assertEquals(List.of("r1"), ids(nobody.post("/requests?scope=t2", "{}").json()));
    assertEquals(List.of("r1"), ids(t2.post("/requests?scope=t2", "{}").json()));
    assertTrue(t2.post("/requests?scope=t1", "{}").problem(400).contains("t1, t2"));
    nobody.post("/requests?scope=t1&scope=t2", "{}").problem(400);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /requests",
    "POST, /requests/counts",
    "POST, /requests/retry",
    "DELETE, /requests/delete",
    "GET, /requests/r1",
    "GET, /requests/r1/content",
    "GET, /requests/r1/original-content",
    "GET, /operations",
    "GET, /operations/1",
    "GET, /workers?contentTypes=a",
    "GET, /microservice/configuration",
    "POST, /microservice/configuration",
    "GET, /settings",
    "PUT, /settings/skipContentTypes",
    "DELETE, /settings/skipContentTypes",
  })
  void withoutATenantThereIsNothing(String method, String path) {
    String body = method.equals("GET") ? null : "{}";
    assertTrue(nobody.call(method, path, body).problem(400).contains("?scope=TENANT"));
    if (!path.equals("/microservice/configuration") || method.equals("GET")) {
      String problem = client.with(Map.of("scope", "t9")).call(method, path, body).problem(404);
      assertEquals("Tenant 't9' is not served.", problem);
    }
  }

  @Test
  void tenantsAreServedFromNowOn() {
    assertEquals(json("['t1','t2']"), nobody.get("/tenants").assertStatus(200).json());
    nobody.get("/tenants?scope=t1").assertStatus(200);
    nobody.call("PUT", "/tenants/a%2Fb", null).assertStatus(204);
    assertEquals(json("['a/b','t1','t2']"), nobody.get("/tenants").json());
    assertTrue(nobody.call("PUT", "/tenants/%20", null).problem(400).contains("empty"));
    assertTrue(
        nobody.call("PUT", "/tenants/" + "x".repeat(256), null).problem(400).contains("256"));
  }

  // workers

  @Test
  void workersThatAreAliveAreCounted() {
    world.beat("A", "A-1");
    world.beat("A", "A-2");
    world.beat("C", "C-1");

    String a = "{'workerType':'A','nbInstance':2}";
    String c = "{'workerType':'C','nbInstance':1}";
    assertEquals(json("[" + a + "," + c + "]"), nobody.get("/workers").assertStatus(200).json());
    assertEquals(json("[" + a + "]"), client.get("/workers").json());
    assertEquals(json("[" + a + "]"), client.get("/workers?contentTypes=x&contentTypes=a").json());
    assertEquals(json("[]"), client.get("/workers?contentTypes=b").json(), "B is silent");
    assertEquals(json("[]"), client.get("/workers?contentTypes=c").json(), "C is another tenant's");
  }

  @Test
  void workerTypesAreShownWhetherAliveOrNot() {
    world.beat("A", "A-1");
    world.beat("Z", "Z-1");
    world.manager.operator().pause("P");

    JsonNode types = nobody.get("/worker-types").assertStatus(200).json();

    assertEquals(List.of("A", "B", "C", "P", "Z"), texts(types, "workerType"));
    assertEquals(List.of("true", "false", "false", "false", "true"), texts(types, "alive"));
    assertEquals(List.of("true", "true", "true", "false", "false"), texts(types, "configured"));
    assertEquals(List.of("false", "false", "false", "true", "false"), texts(types, "paused"));
    assertEquals(List.of("1", "0", "0", "0", "1"), texts(types, "nbInstance"));
    assertEquals(List.of("0", "0", "0", "0", "0"), texts(types, "overdue"));
    JsonNode a = types.path(0);
    assertEquals("A-1", a.at("/instances/0/instance").textValue());
    assertEquals(a.path("firstBeat"), a.at("/instances/0/firstBeat"));
    assertEquals(a.path("lastBeat"), a.at("/instances/0/lastBeat"));
    assertFalse(types.path(1).has("firstBeat") || types.path(1).has("lastBeat"));

    JsonNode ofTenant = client.get("/worker-types").json();
    assertEquals(List.of("A", "B", "P", "Z"), texts(ofTenant, "workerType"));
  }

  @Test
  void aWorkerTypeIsPausedAndResumed() {
    world.beat("A", "A-1");
    nobody.call("POST", "/worker-types/A/pause", null).assertStatus(204);
    assertEquals(Set.of("A"), world.manager.operator().paused());
    nobody.call("POST", "/worker-types/A/resume", null).assertStatus(204);
    assertEquals(Set.of(), world.manager.operator().paused());
    assertTrue(nobody.post("/worker-types/a%20b/pause", null).problem(400).contains("'a b'"));
    assertTrue(nobody.post("/worker-types/%C3%A9/resume", null).problem(400).contains("'é'"));
  }

  // configuration

  @Test
  void aConfigurationThatIsExportedCanBeImported() {
    Reply exported = client.get("/microservice/configuration").assertStatus(200);
    assertEquals("application/json", exported.header("Content-Type"));
    assertEquals(
        "attachment; filename=\"worker-manager-t1.json\"", exported.header("Content-Disposition"));

    Client t3 = client.with(Map.of("scope", "t3"));
    t3.call("POST", "/microservice/configuration", "application/json", exported.response().body())
        .assertStatus(201);

    assertEquals(
        world.manager.operator().configuration("t1"), world.manager.operator().configuration("t3"));
    assertArrayEquals(
        exported.response().body(), t3.get("/microservice/configuration").response().body());
  }

  @Test
  void aFileIsImportedAsCurlAndBrowsersSendIt() {
    byte[] file = client.get("/microservice/configuration").response().body();
    String start =
        "--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c.json\"\r\nContent-Type: application/json\r\n\r\n";
    String body = start + new String(file, UTF_8) + "\r\n--limit--\r\n";
    client
        .with(Map.of("scope", "t3"))
        .call(
            "POST",
            "/microservice/configuration",
            "multipart/form-data; boundary=limit",
            body.getBytes(UTF_8))
        .assertStatus(201);
    assertEquals(
        world.manager.operator().configuration("t1"), world.manager.operator().configuration("t3"));
  }

  @Test
  void everyErrorOfAConfigurationIsTold() {
    String file =
        """
        {'modules':[{'module':{'id':'workermanager'},'resetBeforeImport':true,'configuration':[
          {'key':'k1','value':{}},{'key':'k2','value':{}}]}]}""";
    Reply refused = client.post("/microservice/configuration", file);
    refused.problem(409);
    assertEquals(2, refused.json().path("errors").size(), refused::text);
    assertTrue(refused.json().at("/errors/1").textValue().contains("k2"));
    assertEquals(2, world.manager.operator().configuration("t1").get().workers().size());

    Reply one =
        client.call("POST", "/microservice/configuration", "application/json", new byte[] {'x'});
    assertEquals(one.json().at("/errors/0").textValue(), one.problem(409));
  }

  @Test
  void aConfigurationHasAKnownForm() {
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
      Reply reply = client.call("POST", "/microservice/configuration", type, new byte[] {'{', '}'});
      assertTrue(reply.problem(415).contains("multipart/form-data"));
    }
    Reply none =
        client.call(
            "POST",
            "/microservice/configuration",
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n{}\r\n--b--"
                .getBytes(UTF_8));
    assertEquals("There is no part named 'file' in the multipart body.", none.problem(400));
    client
        .call(
            "POST",
            "/microservice/configuration?scope=%20",
            "application/json",
            new byte[] {'{', '}'})
        .problem(400);
  }

  @Test
  void theSettingIsShownChangedAndReset() {
    String path = "/settings/skipContentTypes";
    JsonNode shown = client.get("/settings").assertStatus(200).json();
    assertEquals(1, shown.size());
    assertEquals(json("[]"), shown.at("/0/links"));
    assertEquals(json("['skipped']"), shown.at("/0/content/value"));
    assertEquals(json("[]"), shown.at("/0/content/defaultValue"));
    assertEquals(
        Set.of("name", "description", "value", "defaultValue"), fields(shown.at("/0/content")));
    assertEquals(shown, client.get("/settings?names=x&names=skipContentTypes").json());
    assertEquals(json("[]"), client.get("/settings?names=x").json());

    JsonNode changed =
        client
            .call("PUT", path, "{'name':'skipContentTypes','value':['x','y']}")
            .assertStatus(200)
            .json();
    assertEquals(json("['x','y']"), changed.at("/content/value"));
    assertEquals(changed, client.get("/settings").json().path(0));
    client.call("PUT", path, changed.path("content").toString()).assertStatus(200);

    JsonNode reset = client.call("DELETE", path, null).assertStatus(200).json();
    assertEquals(json("[]"), reset.at("/content/value"));
    assertEquals(List.of(), world.manager.operator().configuration("t1").get().skipContentTypes());
    assertEquals(2, world.manager.operator().configuration("t1").get().workers().size());
  }

  @Test
  void aSettingThatCannotBeIsRefused() {
    String path = "/settings/skipContentTypes";
    assertTrue(client.call("PUT", "/settings/x", "{'value':[]}").problem(404).contains("'x'"));
    client.call("DELETE", "/settings/x", null).problem(404);
    Reply refused = client.call("PUT", path, "{'value':['a','b']}");
    refused.problem(409);
    assertEquals(2, refused.json().path("errors").size());
    for (String wrong :
        List.of("{}", "{'vlaue':[]}", "{'value':'a'}", "{'value':[1]}", "{'value':null}")) {
      assertTrue(client.call("PUT", path, wrong).problem(400).contains("value"), wrong);
    }
    assertTrue(
        client
            .call("PUT", path, "{'name':'y','value':[]}")
            .problem(400)
            .contains("skipContentTypes"));
    client.call("PUT", path, null).problem(400);
    assertEquals(
        List.of("skipped"), world.manager.operator().configuration("t1").get().skipContentTypes());
  }

  // what is common to all

  @ParameterizedTest
  @ValueSource(strings = {"/", "/nothing", "/requests/a/b", "/requestss", "/operations/1/2"})
  void elsewhereThereIsNothing(String path) {
    client.get(path).problem(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|/requests|OPTIONS, POST",
        "PATCH|/requests/r1|GET, HEAD, OPTIONS",
        "DELETE|/requests/retry|GET, HEAD, OPTIONS, POST",
        "POST|/requests/delete|DELETE, GET, HEAD, OPTIONS",
        "POST|/tenants|GET, HEAD, OPTIONS",
        "PATCH|/microservice/configuration|GET, HEAD, OPTIONS, POST",
        "TRACE|/workers|GET, HEAD, OPTIONS",
      })
  void whatCanBeCalledOtherwiseSaysHow(String method, String path, String allowed) {
    Reply reply = client.call(method, path, null);
    reply.problem(405);
    assertEquals(allowed, reply.header("Allow"));
    Reply options = client.call("OPTIONS", path, null).assertStatus(204);
    assertEquals(allowed, options.header("Allow"));
  }

  @Test
  void headIsGetWithoutTheBody() {
    Reply get = client.get("/tenants");
    Reply head = client.call("HEAD", "/tenants", null).assertStatus(200);
    assertEquals(get.header("Content-Length"), head.header("Content-Length"));
    assertEquals("", head.text());
    client.call("HEAD", "/nothing", null).assertStatus(404);
    client.call("OPTIONS", "/nothing", null).problem(404);
  }

  @Test
  void everyAnswerIsForItsReaderOnly() {
    for (String path : List.of("/tenants", "/nothing", "/requests/r1/content")) {
      world.submit("t1", "r1", "a");
      Reply reply = client.get(path);
      assertEquals("nosniff", reply.header("X-Content-Type-Options"));
      assertEquals("no-store", reply.header("Cache-Control"));
    }
  }

  @Test
  void aBodyThatIsNoJsonObjectIsRefused() {
    for (String body :
        List.of("x", "{", "[]", "null", "{}{}", "{'source':'a','source':'b'}", "' '")) {
      client.post("/requests", body).problem(400);
    }
    client.post("/requests", "[".repeat(100_000)).problem(400);
    Reply form =
        client.call(
            "POST", "/requests", "application/x-www-form-urlencoded", new byte[] {'{', '}'});
    assertTrue(form.problem(415).contains("application/json"));
    client.call("POST", "/requests", null, new byte[] {'{', '}'}).assertStatus(200);
    client
        .call("POST", "/requests", "application/json;charset=utf-8", new byte[] {'{', '}'})
        .assertStatus(200);
  }
}
