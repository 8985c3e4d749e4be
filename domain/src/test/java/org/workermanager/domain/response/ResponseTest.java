package org.workermanager.domain.response;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Fingerprint;
import org.workermanager.domain.request.Submission;

class ResponseTest {

  @Test
  void whatIsTooLongOfASkippedRequestIsCutToFitIntoAResponse() {
    Submission submission =
        new Submission(
            "tenant",
            "id",
            "o".repeat(100_000),
            "s".repeat(255),
            null,
            0,
            Content.of(new byte[0]),
            Fingerprint.of(new byte[32]),
            false,
            null);
    Response skipped = Response.skipped(submission, "why");
    assertEquals("o".repeat(255), skipped.source());
    assertEquals("s".repeat(255), skipped.session());
    assertNull(skipped.contentType());
  }
}
