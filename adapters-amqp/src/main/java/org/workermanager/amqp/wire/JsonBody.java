package org.workermanager.amqp.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Reads and writes the JSON of message bodies. */
public final class JsonBody {

  /**
   * Contents travel as text: this much, in characters, holds some 190 MB of them, more than brokers
   * carry.
   */
  private static final int MAX_TEXT = 256 * 1024 * 1024;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(MAX_TEXT).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /** The JSON object that this body is. */
  public static ObjectNode readObject(byte[] body) throws UnreadableMessageException {
    try {
      JsonNode node = MAPPER.readTree(body);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new UnreadableMessageException(
          "The body is not a JSON object but "
              + (body.length == 0 ? "empty" : "JSON of another kind")
              + ".");
    } catch (JsonProcessingException e) {
      throw new UnreadableMessageException("The body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UnreadableMessageException("The body is not JSON: " + e.getMessage());
    }
  }

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
