package org.workermanager.amqp.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.workermanager.amqp.limits.MessageLimit;
import org.workermanager.amqp.limits.MessageLimits;

/** Reads the JSON of message bodies, within limits. Thread-safe. */
public final class JsonReader {

  private final MessageLimits limits;
  private final ObjectMapper mapper;

  public JsonReader(MessageLimits limits) {
    this.limits = limits;
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.of(MessageLimit.JSON_DEPTH))
            .maxStringLength(limits.of(MessageLimit.JSON_TEXT))
            .build();
    this.mapper =
        JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
  }

  /** The JSON object that this body is. */
  public ObjectNode readObject(byte[] body) throws UnreadableMessageException {
    try {
      JsonNode node = mapper.readTree(body);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new UnreadableMessageException(
          "The body is not a JSON object but "
              + (body.length == 0 ? "empty" : "JSON of another kind")
              + ".");
    } catch (StreamConstraintsException e) {
      throw new UnreadableMessageException(tooMuch(e));
    } catch (JsonProcessingException e) {
      throw new UnreadableMessageException("The body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UnreadableMessageException("The body is not JSON: " + e.getMessage());
    }
  }

  private String tooMuch(StreamConstraintsException error) {
    String text = error.getOriginalMessage();
    if (text.contains("getMaxNestingDepth")) {
      return "The body's JSON is nested deeper than %d (limit %s)."
          .formatted(limits.of(MessageLimit.JSON_DEPTH), MessageLimit.JSON_DEPTH);
    } else if (text.contains("getMaxStringLength")) {
      return "The body's JSON has a text of more than %d characters (limit %s)."
          .formatted(limits.of(MessageLimit.JSON_TEXT), MessageLimit.JSON_TEXT);
    }
    // a number or a name that is absurdly long
    return "The body's JSON has too much in it: " + text;
  }
}
