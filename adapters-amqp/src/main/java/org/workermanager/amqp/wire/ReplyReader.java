package org.workermanager.amqp.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.workermanager.amqp.limits.MessageLimits;
import org.workermanager.domain.reply.Reply;
import org.workermanager.domain.reply.ReplyStatus;
import org.workermanager.domain.request.Content;
import org.workermanager.domain.request.RequestKey;

/**
 * Reads workers' replies (PROTOCOL section 5). What is not essential and of a wrong type does not
 * make one unreadable.
 */
public final class ReplyReader implements MessageReader<Reply> {

  private static final Logger LOG = LoggerFactory.getLogger(ReplyReader.class);

  private final MessageCheck check;
  private final JsonReader json;

  public ReplyReader(MessageLimits limits) {
    this.check = new MessageCheck(limits);
    this.json = new JsonReader(limits);
  }

  @Override
  public Reply read(Delivery delivery) throws UnreadableMessageException {
    check.require(delivery);
    RequestKey key = RequestKeys.read(delivery);
    ObjectNode body = json.readObject(delivery.body());
    return new Reply(
        key,
        status(body),
        messages(body.path("messages")),
        additionalHeaders(key, body.path("additionalHeaders")),
        content(body),
        delivery.text(WireNames.DISPATCH),
        MessageDigests.fingerprint(delivery),
        delivery.redelivered());
  }

  private static ReplyStatus status(ObjectNode body) throws UnreadableMessageException {
    String text = JsonBody.text(body, "status");
    return Arrays.stream(ReplyStatus.values())
        .filter(status -> status.name().equals(text))
        .findAny()
        .orElseThrow(
            () ->
                new UnreadableMessageException(
                    "The body's field 'status' is none of "
                        + Arrays.stream(ReplyStatus.values())
                            .map(Enum::name)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  private static List<String> messages(JsonNode node) {
    List<String> messages = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(
          message -> messages.add(message.isTextual() ? message.textValue() : message.toString()));
    } else if (node.isTextual()) {
      messages.add(node.textValue());
    }
    return messages;
  }

  private static Map<String, String> additionalHeaders(RequestKey key, JsonNode node) {
    Map<String, String> headers = new HashMap<>();
    node.properties()
        .forEach(
            header -> {
              if (header.getValue().isTextual()) {
                headers.put(header.getKey(), header.getValue().textValue());
              } else {
                LOG.debug(
                    "Additional header '{}' of the reply for {} is not text: dropped",
                    header.getKey(),
                    key);
              }
            });
    return headers;
  }

  private static Content content(ObjectNode body) throws UnreadableMessageException {
    String text = JsonBody.text(body, "content");
    try {
      return text == null ? null : Content.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new UnreadableMessageException(
          "The body's field 'content' is not base64: " + e.getMessage());
    }
  }
}
