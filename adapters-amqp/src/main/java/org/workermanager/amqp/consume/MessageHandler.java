package org.workermanager.amqp.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.publish.ConfirmedPublisher;
import org.workermanager.amqp.wire.Delivery;
import org.workermanager.amqp.wire.MessageReader;
import org.workermanager.amqp.wire.OutgoingMessage;
import org.workermanager.amqp.wire.SetAsideWriter;
import org.workermanager.amqp.wire.UnreadableMessageException;
import org.workermanager.amqp.wire.WireNames;
import org.workermanager.domain.Leftover;

/**
 * Reads deliveries, hands what they say to the domain, and sets aside, each alone, those that
 * cannot be processed.
 */
final class MessageHandler<T> implements UnaryOperator<List<Delivery>> {

  private static final Logger LOG = LoggerFactory.getLogger(MessageHandler.class);

  private final MessageReader<T> reader;
  private final Function<List<T>, List<Leftover>> process;
  private final ConfirmedPublisher publisher;
  private final SetAsideWriter setAside;

  MessageHandler(
      MessageReader<T> reader,
      Function<List<T>, List<Leftover>> process,
      ConfirmedPublisher publisher,
      SetAsideWriter setAside) {
    this.reader = reader;
    this.process = process;
    this.publisher = publisher;
    this.setAside = setAside;
  }

  /** Returns those that are not done with, to be handled again in a moment. */
  @Override
  public List<Delivery> apply(List<Delivery> deliveries) {
    List<T> messages = new ArrayList<>();
    List<Delivery> readable = new ArrayList<>();
    List<OutgoingMessage> aside = new ArrayList<>();
    for (Delivery delivery : deliveries) {
      try {
        requireReadableHeaders(delivery);
        messages.add(reader.read(delivery));
        readable.add(delivery);
      } catch (UnreadableMessageException e) {
        aside.add(setAside(delivery, e.getMessage()));
      } catch (RuntimeException e) {
        LOG.error(
            "A message on {} cannot be read, for a reason that should not exist",
            delivery.queue(),
            e);
        aside.add(setAside(delivery, "It cannot be read: " + e));
      }
    }
    List<Delivery> deferred = new ArrayList<>();
    for (Leftover leftover : messages.isEmpty() ? List.<Leftover>of() : process.apply(messages)) {
      Delivery delivery = readable.get(leftover.index());
      if (leftover instanceof Leftover.Refusal refusal) {
        aside.add(setAside(delivery, refusal.reason()));
      } else {
        deferred.add(delivery);
      }
    }
    publisher
        .publish(aside)
        .forEach(
            refused ->
                LOG.error("A message cannot even be set aside and is lost: {}", refused.reason()));
    return deferred;
  }

  private static void requireReadableHeaders(Delivery delivery) throws UnreadableMessageException {
    String fault = delivery.text(WireNames.UNREADABLE_HEADERS);
    if (fault != null) {
      throw new UnreadableMessageException("Its headers cannot be read: " + fault);
    }
  }

  private OutgoingMessage setAside(Delivery delivery, String reason) {
    LOG.debug("Set aside a message from {}: {}", delivery.queue(), reason);
    return setAside.setAside(delivery, reason, publisher.frameMax());
  }
}
