package org.workermanager.amqp.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.domain.protocol.ProtocolText;
import org.workermanager.domain.registry.Heartbeat;

/** Reads heartbeats (PROTOCOL section 4). */
public final class HeartbeatReader implements MessageReader<Heartbeat> {

  private final MessageCheck check;
  private final JsonReader json;

  public HeartbeatReader(MessageLimits limits) {
    this.check = new MessageCheck(limits);
    this.json = new JsonReader(limits);
  }

  @Override
  public Heartbeat read(Delivery delivery) throws UnreadableMessageException {
    check.require(delivery);
    ObjectNode body = json.readObject(delivery.body());
    String date = required(body, "heartBeatDate");
    try {
      return new Heartbeat(
          required(body, "id"), required(body, "type"), OffsetDateTime.parse(date).toInstant());
    } catch (DateTimeException e) {
      throw new UnreadableMessageException(
          "The body's field 'heartBeatDate' is not an ISO-8601 instant or offset date-time.");
    }
  }

  private static String required(ObjectNode body, String field) throws UnreadableMessageException {
    String text = JsonBody.text(body, field);
    String fault = text != null && text.isEmpty() ? "is empty" : ProtocolText.fault(text);
    if (fault != null) {
      throw new UnreadableMessageException("The body's field '" + field + "' " + fault + ".");
    }
    return text;
  }
}
