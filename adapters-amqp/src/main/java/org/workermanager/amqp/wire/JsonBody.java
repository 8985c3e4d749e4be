package org.workermanager.amqp.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Makes the JSON of message bodies, and looks into it. */
public final class JsonBody {

  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private JsonBody() {}

  /** A body with this JSON. */
  public static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree can always be written", e);
    }
  }

  /** A new, empty object. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** The field's text; null where it is absent or null. */
  static String text(ObjectNode body, String field) throws UnreadableMessageException {
    JsonNode node = body.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isTextual()) {
      throw new UnreadableMessageException("The body's field '" + field + "' is not text.");
    }
    return node.textValue();
  }
}
