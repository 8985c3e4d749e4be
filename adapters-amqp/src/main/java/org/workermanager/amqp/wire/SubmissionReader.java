package org.workermanager.amqp.wire;

import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.Submission;

/**
 * Reads requests (PROTOCOL section 2). Everything can be read; whether it is right is decided
 * elsewhere.
 */
public final class SubmissionReader implements MessageReader<Submission> {

  private static final int HIGHEST_PRIORITY = 255;

  private final MessageCheck check;

  public SubmissionReader(MessageLimits limits) {
    this.check = new MessageCheck(limits);
  }

  @Override
  public Submission read(Delivery delivery) {
    Integer priority = delivery.properties().getPriority();
    return new Submission(
        delivery.text(WireNames.TENANT),
        delivery.text(WireNames.REQUEST_ID),
        delivery.text(WireNames.OWNER),
        delivery.text(WireNames.SESSION),
        delivery.text(WireNames.CONTENT_TYPE),
        priority == null ? 0 : Math.max(0, Math.min(HIGHEST_PRIORITY, priority)),
        Content.of(delivery.body()),
        MessageDigests.fingerprint(delivery),
        delivery.redelivered(),
        check.fault(delivery));
  }
}
