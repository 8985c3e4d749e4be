package org.workermanager.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What a call is answered with.
 *
 * @param contentType null where there is no body
 * @param headers besides those that every answer has
 */
record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {

  private static final byte[] NOTHING = new byte[0];

  static Answer json(JsonNode body) {
    return new Answer(200, "application/json", Json.write(body), Map.of());
  }

  static Answer nothing(int status) {
    return new Answer(status, null, NOTHING, Map.of());
  }

  /** To whoever asks what an address can be called with. */
  static Answer allowed(String methods) {
    return new Answer(204, null, NOTHING, Map.of("Allow", methods));
  }

  /** Bytes to be kept, not shown: a browser must not take them for a page. */
  static Answer file(String contentType, byte[] bytes, String name) {
    return new Answer(
        200,
        contentType,
        bytes,
        Map.of("Content-Disposition", "attachment; filename=\"" + name + "\""));
  }
}
