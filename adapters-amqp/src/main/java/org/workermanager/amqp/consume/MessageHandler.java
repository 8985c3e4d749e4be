package org.workermanager.amqp.consume;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
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
final class MessageHandler<T> implements BiFunction<List<Delivery>, BooleanSupplier, Handled> {

  private static final Logger LOG = LoggerFactory.getLogger(MessageHandler.class);

  private static final String BY_THE_BROKER =
      " This is without it: the broker moves the message itself to where its queue dead-letters.";

  private static final String KEPT_BY_NOBODY =
      " This is without it: the queue it was on dead-letters nowhere.";

  private final MessageReader<T> reader;
  private final BiFunction<List<T>, BooleanSupplier, List<Leftover>> process;
  private final ConfirmedPublisher publisher;
  private final SetAsideWriter setAside;

  MessageHandler(
      MessageReader<T> reader,
      BiFunction<List<T>, BooleanSupplier, List<Leftover>> process,
      ConfirmedPublisher publisher,
      SetAsideWriter setAside) {
    this.reader = reader;
    this.process = process;
    this.publisher = publisher;
    this.setAside = setAside;
  }

  @Override
  public Handled apply(List<Delivery> deliveries, BooleanSupplier inHand) {
    List<T> messages = new ArrayList<>();
    List<Delivery> readable = new ArrayList<>();
    Aside aside = new Aside();
    for (Delivery delivery : deliveries) {
      try {
        requireReadableHeaders(delivery);
        messages.add(reader.read(delivery));
        readable.add(delivery);
      } catch (UnreadableMessageException e) {
        aside.add(delivery, e.getMessage());
      } catch (RuntimeException e) {
        LOG.error(
            "A message on {} cannot be read, for a reason that should not exist",
            delivery.queue(),
            e);
        aside.add(delivery, "It cannot be read: " + e);
      }
    }
    List<Delivery> deferred = new ArrayList<>();
    List<Leftover> leftovers = messages.isEmpty() ? List.of() : process.apply(messages, inHand);
    for (Leftover leftover : leftovers) {
      Delivery delivery = readable.get(leftover.index());
      if (leftover instanceof Leftover.Refusal refusal) {
        aside.add(delivery, refusal.reason());
      } else {
        deferred.add(delivery);
      }
    }
    publisher
        .publish(aside.messages)
        .forEach(
            refused ->
                LOG.error("A message cannot even be set aside and is lost: {}", refused.reason()));
    return new Handled(deferred, aside.withoutBody);
  }

  private static void requireReadableHeaders(Delivery delivery) throws UnreadableMessageException {
    String fault = delivery.text(WireNames.UNREADABLE_HEADERS);
    if (fault != null) {
      throw new UnreadableMessageException("Its headers cannot be read: " + fault);
    }
  }

  /** What is set aside of a batch. */
  private final class Aside {

    private final List<OutgoingMessage> messages = new ArrayList<>();

    /** Only what was wrong with them is set aside here: the broker has them still. */
    private final List<Delivery> withoutBody = new ArrayList<>();

    void add(Delivery delivery, String reason) {
      LOG.debug("Set aside a message from {}: {}", delivery.queue(), reason);
      boolean whole = delivery.droppedBody() == null;
      boolean deadLettered = !delivery.queue().equals(WireNames.REQUEST_DEAD_LETTERS);
      String where = deadLettered ? BY_THE_BROKER : KEPT_BY_NOBODY;
      messages.add(
          setAside.setAside(delivery, whole ? reason : reason + where, publisher.frameMax()));
      if (!whole && deadLettered) {
        withoutBody.add(delivery);
      }
    }
  }
}
