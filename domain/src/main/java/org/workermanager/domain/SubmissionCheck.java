package org.workermanager.domain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.request.Submission;
import org.workermanager.domain.routing.Position;
import org.workermanager.domain.routing.Route;
import org.workermanager.domain.routing.Routing;

/** What is wrong with a submission taken by itself (the table of PROTOCOL section 2). */
sealed interface SubmissionCheck {

  /** Nothing. */
  record Taken() implements SubmissionCheck {}

  /** The requester is told that it is skipped. */
  record Skipped(String reason) implements SubmissionCheck {}

  /** Nobody can be told. */
  record Refused(String reason) implements SubmissionCheck {}

  /**
   * @param routings of each served tenant
   */
  static SubmissionCheck of(Submission submission, Map<String, Routing> routings) {
    Map<String, String> identity = new LinkedHashMap<>();
    identity.put("regards.tenant", submission.tenant());
    identity.put("regards.request.id", submission.requestId());
    List<String> faults = faults(identity);
    if (!faults.isEmpty()) {
      return new Refused(
          (submission.fault() == null ? "" : submission.fault() + " ")
              + "No response is possible: "
              + String.join(", ", faults)
              + ".");
    }
    Routing routing = routings.get(submission.tenant());
    if (routing == null) {
      return new Refused("Tenant '" + submission.tenant() + "' is not served.");
    }
    if (submission.fault() != null) {
      return new Skipped(submission.fault());
    }
    Map<String, String> details = new LinkedHashMap<>();
    details.put("regards.request.owner", submission.source());
    details.put("regards.request.session", submission.session());
    details.put("regards.request.content_type", submission.contentType());
    faults = faults(details);
    if (!faults.isEmpty()) {
      return new Skipped("Invalid headers: " + String.join(", ", faults) + ".");
    }
    return routing.from(submission.contentType(), Position.START) instanceof Route.Skipped
        ? new Skipped(
            "Requests of content type '"
                + submission.contentType()
                + "' are configured to be skipped.")
        : new Taken();
  }

  private static List<String> faults(Map<String, String> headers) {
    return headers.entrySet().stream()
        .filter(header -> ProtocolText.fault(header.getValue()) != null)
        .map(header -> header.getKey() + " " + ProtocolText.fault(header.getValue()))
        .toList();
  }
}
