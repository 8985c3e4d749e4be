package org.workermanager.app.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What is to be said in the end. */
final class Verdict {

  private static final int SHOWN = 5;

  private final Ledger ledger;
  private final Remains remains;

  Verdict(Ledger ledger, Remains remains) {
    this.ledger = ledger;
    this.remains = remains;
  }

  /** What must not be, by what it is: nothing of each where every guarantee was kept. */
  private Map<String, List<String>> broken() {
    Map<String, List<String>> broken = new LinkedHashMap<>();
    broken.put("lost", histories(Account::isOwed));
    broken.put("contradicted", histories(Account::isContradicted));
    broken.put("out-of-order", histories(Account::isOutOfOrder));
    broken.put("held", remains.held());
    broken.put("open-batches", remains.openBatches());
    broken.put("queued", remains.queued());
    broken.put("dead-letters", remains.deadLetters());
    broken.put("strange", ledger.strangers());
    return broken;
  }

  private List<String> histories(Predicate<Account> how) {
    return ledger
        .accounts()
        .filter(how)
        .sorted(Comparator.comparing(account -> account.assignment().number()))
        .map(Account::history)
        .toList();
  }

  private long count(Predicate<Account> how) {
    return ledger.accounts().filter(how).count();
  }

  /** Whether every guarantee that this program looks at was kept. */
  boolean isGood() {
    return broken().values().stream().allMatch(List::isEmpty);
  }

  /**
   * @param lasted how long requests were submitted
   */
  String report(Duration lasted, Turmoil turmoil, List<ManagerProcess> managers) {
    long accepted = count(Account::isAccepted);
    List<Duration> answers =
        ledger.accounts().map(Account::answeredAfter).filter(d -> d != null).sorted().toList();
    List<String> lines = new ArrayList<>();
    add(
        lines,
        "faults",
        "%d in %d min %d s",
        turmoil.faults(),
        lasted.toMinutes(),
        lasted.toSecondsPart());
    add(
        lines,
        "accepted",
        "%d requests, %d a second; %d more may have been",
        accepted,
        accepted / Math.max(1, lasted.toSeconds()),
        ledger.size() - accepted);
    add(lines, "lost", "%d accepted requests have no end", count(Account::isOwed));
    add(
        lines,
        "contradicted",
        "%d were told another end than theirs",
        count(Account::isContradicted));
    add(
        lines,
        "out of order",
        "%d were told their end before GRANTED",
        count(Account::isOutOfOrder));
    add(
        lines,
        "stuck",
        "%d requests held, %d open batches, %d queues not empty",
        remains.held().size(),
        remains.openBatches().size(),
        remains.queued().size());
    add(
        lines,
        "dead letters",
        "%d, besides %d heartbeats that expired",
        remains.deadLetters().size(),
        remains.expiredBeats());
    add(lines, "strange", "%d messages", ledger.strangers().size());
    add(
        lines,
        "repeated",
        "%d ends told again, of %d requests, the last time %s after the first; %d dispatches, of %d requests",
        ledger.accounts().mapToInt(Account::repeatedEnds).sum(),
        count(account -> account.repeatedEnds() > 0),
        Times.seconds(
            ledger
                .accounts()
                .map(Account::repeatedFor)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO)),
        ledger.accounts().mapToInt(Account::repeatedDispatches).sum(),
        count(account -> account.repeatedDispatches() > 0));
    turmoil
        .longest()
        .ifPresent(
            longest ->
                add(
                    lines,
                    "recovery",
                    "took at most %s, after: %s",
                    Times.seconds(longest.took()),
                    longest.after()));
    if (!answers.isEmpty()) {
      add(
          lines,
          "answers",
          "half of them within %s, the last after %s",
          Times.seconds(answers.get(answers.size() / 2)),
          Times.seconds(answers.get(answers.size() - 1)));
    }
    managers.stream()
        .flatMap(manager -> manager.complaints().stream())
        .forEach(complaint -> add(lines, "noticed", "%s", complaint));
    add(lines, "verdict", isGood() ? "good" : "NOT GOOD");
    return String.join(System.lineSeparator(), lines);
  }

  private static void add(List<String> lines, String what, String format, Object... arguments) {
    lines.add("%-13s %s".formatted(what, format.formatted(arguments)));
  }

  /** Writes what one needs to find out why, and returns the beginning of it. */
  String writeEvidence(Path folder) throws IOException {
    StringBuilder shown = new StringBuilder();
    for (Map.Entry<String, List<String>> kind : broken().entrySet()) {
      shown.append(write(folder, kind.getKey(), kind.getValue()));
    }
    // no fault, but worth a look
    write(folder, "repeated", histories(account -> account.repeatedEnds() > 0));
    return shown.toString();
  }

  private static String write(Path folder, String what, List<String> texts) throws IOException {
    if (texts.isEmpty()) {
      return "";
    }
    Files.write(folder.resolve(what + ".txt"), texts);
    return "%s:%n%s%n"
        .formatted(
            what,
            String.join(System.lineSeparator(), texts.subList(0, Math.min(SHOWN, texts.size()))));
  }
}
