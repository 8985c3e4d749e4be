package org.workermanager.app.http;

import java.util.List;
import java.util.Optional;
import org.workermanager.domain.request.RequestKey;
import org.workermanager.domain.search.NumberedRequest;
import org.workermanager.domain.search.Page;
import org.workermanager.domain.search.PageRequest;
import org.workermanager.domain.search.RequestCounts;
import org.workermanager.domain.search.RequestDetails;
import org.workermanager.domain.search.RequestFilter;
import org.workermanager.domain.store.RequestSearch;

/** Another search, for tests that change some of it. */
class SearchProxy implements RequestSearch {

  private final RequestSearch search;

  SearchProxy(RequestSearch search) {
    this.search = search;
  }

  @Override
  public Page search(String tenant, RequestFilter filter, PageRequest page) {
    return search.search(tenant, filter, page);
  }

  @Override
  public RequestCounts count(String tenant, RequestFilter filter) {
    return search.count(tenant, filter);
  }

  @Override
  public Optional<RequestDetails> find(RequestKey key) {
    return search.find(key);
  }

  @Override
  public long lastId() {
    return search.lastId();
  }

  @Override
  public List<NumberedRequest> between(
      String tenant, RequestFilter filter, long after, long upTo, int limit) {
    return search.between(tenant, filter, after, upTo, limit);
  }
}
