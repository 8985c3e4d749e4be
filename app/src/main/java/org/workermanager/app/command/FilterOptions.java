package org.workermanager.app.command;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.workermanager.app.client.RequestQuery;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.search.ContentTypeSelection.Match;
import org.workermanager.domain.search.Selection.Mode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which requests are meant: those to which everything given applies. */
final class FilterOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--source",
      paramLabel = "TEXT",
      description = "Whose owner contains this, in this case.")
  private String source;

  @Option(
      names = "--session",
      paramLabel = "TEXT",
      description = "Whose session contains this, in this case.")
  private String session;

  @Option(
      names = "--worker-type",
      paramLabel = "TEXT",
      description = "Last sent to a worker type that contains this, in this case.")
  private String workerType;

  @Option(
      names = "--content-type",
      paramLabel = "TEXT",
      description = "Of this content type (see --match). Repeatable.")
  private List<String> contentTypes = new ArrayList<>();

  @Option(
      names = "--not-content-type",
      paramLabel = "TEXT",
      description = "Of any other content type (see --match). Repeatable.")
  private List<String> notContentTypes = new ArrayList<>();

  @Option(
      names = "--match",
      paramLabel = "HOW",
      converter = ChoiceConverter.Match.class,
      description =
          "How content types are compared: strict (default), starts-with, contains or ends-with.")
  private Match match;

  @Option(
      names = "--ignore-case",
      description = "Compare content types without regard to upper and lower case.")
  private boolean ignoreCase;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      converter = ChoiceConverter.Status.class,
      description = "In this state, such as ERROR or no-worker-available. Repeatable.")
  private List<RequestStatus> statuses = new ArrayList<>();

  @Option(
      names = "--not-status",
      paramLabel = "STATUS",
      converter = ChoiceConverter.Status.class,
      description = "In any other state. Repeatable.")
  private List<RequestStatus> notStatuses = new ArrayList<>();

  @Option(
      names = "--id",
      paramLabel = "NUMBER",
      description = "With this number (not its request id). Repeatable.")
  private List<Long> ids = new ArrayList<>();

  @Option(
      names = "--not-id",
      paramLabel = "NUMBER",
      description = "With any other number. Repeatable.")
  private List<Long> notIds = new ArrayList<>();

  @Option(
      names = "--created-after",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description =
          "Created then or later: an instant (2026-01-31T12:00:00Z), or a date, which begins at 0:00 UTC.")
  private Instant createdAfter;

  @Option(
      names = "--created-before",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Created then or earlier.")
  private Instant createdBefore;

  @Option(
      names = "--older-than",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "In its present state for at least so long, such as 10m or 1h.")
  private Duration olderThan;

  /**
   * What they come to.
   *
   * @throws ParameterException where they contradict each other, or say nothing
   */
  RequestQuery query() {
    return new RequestQuery(
        text("--source", source),
        text("--session", session),
        text("--worker-type", workerType),
        contentTypes(),
        values("status", names(statuses), names(notStatuses)),
        values("id", ids, notIds),
        createdAfter == null && createdBefore == null
            ? null
            : new RequestQuery.Period(text(createdAfter), text(createdBefore)),
        text(olderThan));
  }

  private RequestQuery.ContentTypes contentTypes() {
    contentTypes.forEach(text -> text("--content-type", text));
    notContentTypes.forEach(text -> text("--not-content-type", text));
    RequestQuery.Values<String> given = values("content-type", contentTypes, notContentTypes);
    if (given == null) {
      if (match != null || ignoreCase) {
        throw wrong(
            (match == null ? "--ignore-case" : "--match")
                + " is about content types: give some with --content-type or --not-content-type");
      }
      return null;
    }
    return new RequestQuery.ContentTypes(
        given.values(), given.mode(), match == null ? Match.STRICT : match, ignoreCase);
  }

  /** An empty text would be found everywhere: it most likely comes of a variable that is unset. */
  private String text(String option, String text) {
    if (text != null && text.isEmpty()) {
      throw wrong(option + " is empty: leave it out if it is not to matter");
    }
    return text;
  }

  private <T> RequestQuery.Values<T> values(String name, List<T> included, List<T> excluded) {
    if (!included.isEmpty() && !excluded.isEmpty()) {
      throw wrong("--" + name + " and --not-" + name + " cannot be given together");
    } else if (!included.isEmpty()) {
      return new RequestQuery.Values<>(included, Mode.INCLUDE);
    }
    return excluded.isEmpty() ? null : new RequestQuery.Values<>(excluded, Mode.EXCLUDE);
  }

  private static List<String> names(List<RequestStatus> statuses) {
    return statuses.stream().map(Enum::name).toList();
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
