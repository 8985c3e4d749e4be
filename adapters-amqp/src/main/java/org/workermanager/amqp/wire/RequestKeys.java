package org.workermanager.amqp.wire;

import org.workermanager.domain.request.RequestKey;

/** Reads which request a message from a worker is about. */
final class RequestKeys {

  private RequestKeys() {}

  static RequestKey read(Delivery delivery) throws UnreadableMessageException {
    return new RequestKey(
        required(delivery, WireNames.TENANT), required(delivery, WireNames.REQUEST_ID));
  }

  private static String required(Delivery delivery, String header)
      throws UnreadableMessageException {
    String text = delivery.text(header);
    if (text == null) {
      throw new UnreadableMessageException("The header " + header + " is missing or not text.");
    }
    return text;
  }
}
