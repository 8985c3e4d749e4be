package org.workermanager.amqp.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.domain.reply.DeadLetter;

/** Reads dead letters of dispatched requests (PROTOCOL section 6). */
public final class DeadLetterReader implements MessageReader<DeadLetter> {

  private final MessageCheck check;

  public DeadLetterReader(MessageLimits limits) {
    this.check = new MessageCheck(limits);
  }

  @Override
  public DeadLetter read(Delivery delivery) throws UnreadableMessageException {
    check.requireHeaders(delivery);
    return new DeadLetter(
        RequestKeys.read(delivery),
        reason(delivery),
        delivery.text(WireNames.DISPATCH),
        MessageDigests.fingerprint(delivery),
        delivery.redelivered());
  }

  private static String reason(Delivery delivery) {
    return Stream.of(WireNames.EXCEPTION_STACKTRACE, WireNames.EXCEPTION_MESSAGE)
        .map(header -> text(delivery, header))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseGet(() -> brokersReason(delivery));
  }

  /** Some clients write long texts as byte arrays. */
  private static String text(Delivery delivery, String header) {
    return delivery.headers().get(header) instanceof byte[] bytes
        ? new String(bytes, UTF_8)
        : delivery.text(header);
  }

  /** The broker's own account, the latest death first; some brokers give none. */
  private static String brokersReason(Delivery delivery) {
    if (delivery.headers().get("x-death") instanceof List<?> deaths
        && !deaths.isEmpty()
        && deaths.get(0) instanceof Map<?, ?> death) {
      return "The broker dead-lettered the request: "
          + death.get("reason")
          + ", in queue "
          + death.get("queue")
          + ".";
    }
    return "The broker dead-lettered the request.";
  }
}
