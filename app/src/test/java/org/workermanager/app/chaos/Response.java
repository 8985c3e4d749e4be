package org.workermanager.app.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A response as it came to the requester.
 *
 * @param content null for none
 * @param by the manager that published it
 * @param redelivered whether the broker delivers it again
 * @param text all of its body
 */
record Response(
    String tenant,
    String requestId,
    String state,
    String content,
    String by,
    boolean redelivered,
    String text) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static Response read(BasicProperties properties, byte[] body, boolean redelivered)
      throws IOException {
    JsonNode json = JSON.readTree(body);
    JsonNode content = json.path("content");
    return new Response(
        String.valueOf(properties.getHeaders().get(Wire.TENANT)),
        String.valueOf(properties.getHeaders().get(Wire.REQUEST_ID)),
        json.path("state").asText(),
        content.isTextual()
            ? new String(Base64.getDecoder().decode(content.asText()), StandardCharsets.UTF_8)
            : null,
        properties.getAppId(),
        redelivered,
        new String(body, StandardCharsets.UTF_8));
  }
}
