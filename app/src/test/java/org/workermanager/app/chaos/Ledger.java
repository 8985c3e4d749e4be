package org.workermanager.app.chaos;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Accounts for every request. Thread-safe. */
final class Ledger {

  private final Map<Integer, Account> accounts = new ConcurrentHashMap<>();
  private final Set<Account> owed = ConcurrentHashMap.newKeySet();
  private final Queue<String> strangers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger last = new AtomicInteger();

  /** Opens the account of a new request. */
  Account open(Random random) {
    Assignment assignment = Assignment.any(last.incrementAndGet(), random);
    Account account = new Account(assignment);
    accounts.put(assignment.number(), account);
    return account;
  }

  void accepted(Account account) {
    account.accepted();
    owed.add(account);
    // which may have been answered before
    if (account.hasEnded()) {
      owed.remove(account);
    }
  }

  void heard(Response response) {
    Account account = find(response.requestId());
    if (account == null) {
      strange("A response about nobody's request: " + response);
      return;
    }
    account.heard(response);
    if (account.hasEnded()) {
      owed.remove(account);
    }
  }

  /** The account of the request of this id; null, and noted, when nobody submitted such a one. */
  Account taken(String requestId, String worker) {
    Account account = find(requestId);
    if (account == null) {
      strange("%s got nobody's request: %s".formatted(worker, requestId));
    }
    return account;
  }

  /** Notes what nobody can make sense of. */
  void strange(String what) {
    strangers.add(what);
  }

  private Account find(String requestId) {
    return accounts.get(Assignment.number(requestId));
  }

  /** Those accepted and not answered, at this moment. */
  List<Account> owed() {
    return List.copyOf(owed);
  }

  int countOwed() {
    return owed.size();
  }

  int size() {
    return accounts.size();
  }

  Stream<Account> accounts() {
    return accounts.values().stream();
  }

  /** What came and is about no request of ours, or cannot be read. */
  List<String> strangers() {
    return List.copyOf(strangers);
  }
}
