package org.workermanager.domain.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.workermanager.domain.request.Request;

/**
 * Which part of what is found is wanted, and in which order.
 *
 * @param number of the page, from 0
 * @param size how many requests a page has, 1 to 1,000
 * @param sort what decides, first to last; where all of it is equal, the order of arrival does, so
 *     that the order is always the same
 */
public record PageRequest(int number, int size, List<Sort> sort) {

  /** The largest page. */
  public static final int MAX_SIZE = 1_000;

  /** What requests can be sorted by; texts in the order of their code points. */
  public enum Field {
    ID,
    REQUEST_ID,
    CREATION_DATE,
    CONTENT_TYPE,
    SOURCE,
    SESSION,
    STATUS,
    /** Those that were never sent come first. */
    DISPATCHED_WORKER_TYPE
  }

  /** One criterion of an order. */
  public record Sort(Field field, boolean ascending) {
    public Sort {
      requireNonNull(field, "field");
    }
  }

  public PageRequest {
    sort = List.copyOf(sort);
    if (number < 0) {
      throw new IllegalArgumentException("page must be 0 or more, not " + number);
    }
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("size must be 1 to " + MAX_SIZE + ", not " + size);
    }
  }

  /** The first requests, in the order of arrival. */
  public static PageRequest first(int size) {
    return new PageRequest(0, size, List.of());
  }

  /** How many requests come before this page. */
  public long offset() {
    return (long) number * size;
  }

  /** The order of all pages, also for stores that sort by themselves. */
  public Comparator<NumberedRequest> order() {
    Comparator<NumberedRequest> order = (one, other) -> 0;
    for (Sort each : sort) {
      Comparator<NumberedRequest> by = by(each.field());
      order = order.thenComparing(each.ascending() ? by : by.reversed());
    }
    return order.thenComparingLong(NumberedRequest::id);
  }

  private static Comparator<NumberedRequest> by(Field field) {
    return switch (field) {
      case ID -> Comparator.comparingLong(NumberedRequest::id);
      case REQUEST_ID -> byText(request -> request.key().requestId());
      case CREATION_DATE -> Comparator.comparing(found -> found.request().creationDate());
      case CONTENT_TYPE -> byText(Request::contentType);
      case SOURCE -> byText(Request::source);
      case SESSION -> byText(Request::session);
      case STATUS -> byText(request -> request.status().name());
      case DISPATCHED_WORKER_TYPE -> byText(request -> request.state().dispatchedWorkerType());
    };
  }

  /**
   * By bytes of UTF-8, which is the order of code points, as databases do it that know no language.
   */
  private static Comparator<NumberedRequest> byText(Function<Request, String> text) {
    return Comparator.comparing(
        found -> text.apply(found.request()),
        Comparator.nullsFirst(
            Comparator.comparing(
                (String value) -> value.getBytes(UTF_8), Arrays::compareUnsigned)));
  }
}
