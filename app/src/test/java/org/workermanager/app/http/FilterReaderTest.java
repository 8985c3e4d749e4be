package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.search.ContentTypeSelection;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.search.Selection;

/** What is not understood of a filter is refused, and named. */
class FilterReaderTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private static RequestFilter read(String json) {
    return FilterReader.read(Json.readObject(json.replace('\'', '"').getBytes(UTF_8)), NOW);
  }

  @Test
  void readsEveryField() {
    RequestFilter filter =
        read(
            """
            {'source':'me','session':'today','dispatchedWorkerType':'A',
             'contentTypes':{'values':['x','y'],'mode':'EXCLUDE','matchMode':'ENDS_WITH','ignoreCase':true},
             'statuses':{'values':['ERROR','RUNNING'],'mode':'INCLUDE'},
             'ids':{'values':[1,9223372036854775807],'mode':'EXCLUDE'},
             'creationDate':{'after':'2026-01-01T00:00:00Z','before':'2026-01-01T02:00:00.5+01:00'},
             'minimumAge':'PT10M'}""");
    assertEquals(
        new RequestFilter(
            "me",
            "today",
            "A",
            new ContentTypeSelection(
                new Selection<>(Set.of("x", "y"), Selection.Mode.EXCLUDE),
                ContentTypeSelection.Match.ENDS_WITH,
                true),
            Selection.of(Set.of(RequestStatus.ERROR, RequestStatus.RUNNING)),
            new Selection<>(Set.of(1L, Long.MAX_VALUE), Selection.Mode.EXCLUDE),
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-01-01T01:00:00.5Z"),
            Instant.parse("2026-01-01T11:50:00Z")),
        filter);
  }

  @Test
  void everyFieldIsOptional() {
    assertEquals(RequestFilter.ALL, read("{}"));
    assertEquals(RequestFilter.ALL, read("{'creationDate':{}}"));
    assertEquals(
        new ContentTypeSelection(Selection.of(Set.of()), ContentTypeSelection.Match.STRICT, false),
        read("{'contentTypes':{'values':[],'mode':'INCLUDE'}}").contentTypes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'sauce':'me'}|sauce",
        "{'status':'ERROR'}|statuses",
        "{'source':1}|source must",
        "{'source':{}}|source must",
        "{'source':'a\\u0000'}|source",
        "{'minimumAge':5}|minimumAge",
        "{'minimumAge':'10m'}|minimumAge",
        "{'minimumAge':'PT0S'}|minimumAge",
        "{'minimumAge':'-PT5M'}|minimumAge",
        "{'minimumAge':'P36501D'}|minimumAge",
        "{'minimumAge':'PT9999999999999999S'}|minimumAge",
        "{'statuses':['ERROR']}|statuses must be an object",
        "{'statuses':{}}|statuses.values",
        "{'statuses':{'values':'ERROR','mode':'INCLUDE'}}|statuses.values",
        "{'statuses':{'values':['ERROR']}}|statuses.mode",
        "{'statuses':{'values':['ERROR'],'mode':null}}|statuses.mode",
        "{'statuses':{'values':['ERROR'],'mode':'include'}}|statuses.mode",
        "{'statuses':{'values':['error'],'mode':'INCLUDE'}}|NO_WORKER_AVAILABLE",
        "{'statuses':{'values':[null],'mode':'INCLUDE'}}|statuses.values",
        "{'statuses':{'values':[],'mode':'INCLUDE','matchMode':'STRICT'}}|statuses.matchMode",
        "{'contentTypes':{'values':['a'],'mode':'INCLUDE','matchMode':'LIKE'}}|contentTypes.matchMode",
        "{'contentTypes':{'values':['a'],'mode':'INCLUDE','ignoreCase':'true'}}|contentTypes.ignoreCase",
        "{'contentTypes':{'values':[1],'mode':'INCLUDE'}}|contentTypes.values",
        "{'ids':{'values':['1'],'mode':'INCLUDE'}}|ids.values",
        "{'ids':{'values':[1.0],'mode':'INCLUDE'}}|ids.values",
        "{'ids':{'values':[9223372036854775808],'mode':'INCLUDE'}}|ids.values",
        "{'ids':{'value':[1],'mode':'INCLUDE'}}|ids.value;",
        "{'creationDate':'2026-01-01T00:00:00Z'}|creationDate must be an object",
        "{'creationDate':{'from':'2026-01-01T00:00:00Z'}}|creationDate.from",
        "{'creationDate':{'after':'2026-01-01'}}|creationDate.after",
        "{'creationDate':{'after':'2026-01-01T00:00:00'}}|creationDate.after",
        "{'creationDate':{'before':1767225600}}|creationDate.before",
        "{'creationDate':{'before':'+10000-01-01T00:00:00Z'}}|creationDate.before",
        "{'creationDate':{'before':'0000-01-01T00:00:00Z'}}|creationDate.before",
      })
  void whatIsNotUnderstoodIsNamed(String filter, String name) {
    String problem = assertThrows(Problem.class, () -> read(filter)).getMessage();
    assertTrue(problem.contains(name), problem);
  }

  @Test
  void aListHasNoMoreThanAThousandValues() {
    String thousand =
        IntStream.range(0, 1_000).mapToObj(i -> "" + i).collect(Collectors.joining(","));
    String filter = "{'ids':{'values':[%s],'mode':'INCLUDE'}}";
    assertEquals(1_000, read(filter.formatted(thousand)).ids().values().size());
    String problem =
        assertThrows(Problem.class, () -> read(filter.formatted(thousand + ",0"))).getMessage();
    assertTrue(problem.contains("ids.values") && problem.contains("1000"), problem);
  }
}
