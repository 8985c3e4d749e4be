package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestDetails;
import org.workermanager.domain.search.RequestFilter;

/** Finds held requests, and retries and deletes them in the background. */
final class RequestRoutes {

  private static final int USUAL_PAGE_SIZE = 20;

  /**
   * How many calls may look through what is held at once, each for seconds: they take connections
   * to the database from those who take requests and answers, which have not many.
   */
  static final int MOST_SEARCHES = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** What pages can be sorted by, as it is called in requests. */
  private static final Map<String, PageRequest.Field> SORT_FIELDS =
      Arrays.stream(PageRequest.Field.values())
          .collect(
              Collectors.toMap(
                  RequestRoutes::name, field -> field, (one, other) -> one, LinkedHashMap::new));

  private final BackgroundOperations operations;
  private final InstantSource clock;
  private final Semaphore searches = new Semaphore(MOST_SEARCHES, true);

  RequestRoutes(BackgroundOperations operations, InstantSource clock) {
    this.operations = operations;
    this.clock = clock;
  }

  Stream<Route> routes() {
    return Stream.of(
        Route.of(
            "POST", "/requests", Role.OPERATOR, oneOfFew(this::search), "page", "size", "sort"),
        Route.of("POST", "/requests/counts", Role.OPERATOR, oneOfFew(this::count)),
        Route.of(
            "POST", "/requests/retry", Role.OPERATOR, call -> begin(OperationKind.RETRY, call)),
        Route.of(
            "DELETE", "/requests/delete", Role.ADMIN, call -> begin(OperationKind.DELETE, call)),
        Route.of("GET", "/requests/{requestId}", Role.OPERATOR, oneOfFew(this::show)),
        Route.of(
            "GET",
            "/requests/{requestId}/content",
            Role.OPERATOR,
            oneOfFew(call -> content(call, RequestDetails::content))),
        Route.of(
            "GET",
            "/requests/{requestId}/original-content",
            Role.OPERATOR,
            oneOfFew(call -> content(call, RequestRoutes::originalContent))),
        Route.of("GET", "/operations", Role.OPERATOR, this::operations),
        Route.of("GET", "/operations/{id}", Role.OPERATOR, this::operation));
  }

  private Route.Handler oneOfFew(Route.Handler search) {
    return call -> {
      enter();
      try {
        return search.handle(call);
      } finally {
        searches.release();
      }
    };
  }

  private void enter() {
    try {
      if (searches.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw Problem.unavailable("Too many searches at once.");
  }

  private Answer search(Call call) {
    String tenant = call.servedTenant();
    RequestFilter filter = FilterReader.read(call.jsonIfAny(), clock.instant());
    return Answer.json(RequestJson.of(call.operator().search(tenant, filter, page(call.query()))));
  }

  private static PageRequest page(Query query) {
    int number = query.number("page", 0);
    int size = query.number("size", USUAL_PAGE_SIZE);
    List<PageRequest.Sort> sort =
        query.all("sort").stream().flatMap(RequestRoutes::criteria).toList();
    try {
      return new PageRequest(number, size, sort);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed(e.getMessage() + ".");
    }
  }

  /** One or more fields and, at the end, their direction: ascending where none is given. */
  private static Stream<PageRequest.Sort> criteria(String text) {
    List<String> names = new ArrayList<>(Arrays.asList(text.split(",", -1)));
    String last = names.get(names.size() - 1).toLowerCase(Locale.ROOT);
    boolean descending = last.equals("desc");
    if (names.size() > 1 && (descending || last.equals("asc"))) {
      names.remove(names.size() - 1);
    }
    return names.stream()
        .map(
            name -> {
              PageRequest.Field field = SORT_FIELDS.get(name);
              if (field == null) {
                throw Problem.malformed(
                    "sort must be FIELD,asc or FIELD,desc with a field of %s, not '%s'."
                        .formatted(String.join(", ", SORT_FIELDS.keySet()), text));
              }
              return new PageRequest.Sort(field, !descending);
            });
  }

  /** {@code CREATION_DATE} is {@code creationDate}. */
  private static String name(PageRequest.Field field) {
    String words = field.name().toLowerCase(Locale.ROOT);
    StringBuilder name = new StringBuilder();
    for (String word : words.split("_")) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }

  private Answer count(Call call) {
    String tenant = call.servedTenant();
    RequestFilter filter = FilterReader.read(call.jsonIfAny(), clock.instant());
    return Answer.json(RequestJson.of(call.operator().count(tenant, filter)));
  }

  private Answer show(Call call) {
    return Answer.json(RequestJson.of(find(call)));
  }

  private static RequestDetails find(Call call) {
    String tenant = call.servedTenant();
    return call.operator()
        .find(tenant, call.argument())
        .orElseThrow(
            () ->
                Problem.notFound(
                    "Tenant '%s' has no held request '%s'.".formatted(tenant, call.argument())));
  }

  private static Answer content(Call call, Function<RequestDetails, Content> which) {
    return Answer.file("application/octet-stream", which.apply(find(call)).bytes(), "content");
  }

  private static Content originalContent(RequestDetails details) {
    return details.originalContent() == null ? details.content() : details.originalContent();
  }

  /**
   * The body may not be missing: what sends none, or loses it on the way, would retry or delete
   * everything.
   */
  private Answer begin(OperationKind kind, Call call) {
    String tenant = call.servedTenant();
    RequestFilter filter = FilterReader.read(call.json(), clock.instant());
    try {
      call.operator().requireChangeable(filter);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed(e.getMessage());
    }
    OperationReport begun = operations.begin(kind, call.operator(), tenant, filter);
    return new Answer(
        202,
        "application/json",
        Json.write(begun.json()),
        Map.of(
            "Location",
            "/operations/" + begun.id() + "?scope=" + URLEncoder.encode(tenant, UTF_8)));
  }

  private Answer operations(Call call) {
    var reports = Json.array();
    operations.of(call.servedTenant()).forEach(report -> reports.add(report.json()));
    return Answer.json(reports);
  }

  private Answer operation(Call call) {
    String tenant = call.servedTenant();
    return operations
        .find(tenant, call.argument())
        .map(report -> Answer.json(report.json()))
        .orElseThrow(
            () ->
                Problem.notFound(
                    "This instance knows no operation '%s' of tenant '%s'."
                        .formatted(call.argument(), tenant)));
  }
}
