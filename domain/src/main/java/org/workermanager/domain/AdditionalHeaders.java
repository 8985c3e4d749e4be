package org.workermanager.domain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.workermanager.domain.protocol.ProtocolText;

/** Which of a reply's additional headers are passed on to the next worker (PROTOCOL section 3). */
final class AdditionalHeaders {

  /** AMQP header names are at most this long, in bytes. */
  private static final int MAX_NAME = 255;

  /**
   * All together, in bytes: headers travel in one frame, which is 128 KiB by default and has more
   * to hold.
   */
  private static final int MAX_TOTAL = 64 * 1024;

  private AdditionalHeaders() {}

  /**
   * @param dropped told the name of each header that is not passed on, and why
   */
  static Map<String, String> passedOn(
      Map<String, String> headers, BiConsumer<String, String> dropped) {
    Map<String, String> passed = new TreeMap<>();
    int total = 0;
    for (Map.Entry<String, String> header : new TreeMap<>(headers).entrySet()) {
      String name = ProtocolText.storable(header.getKey());
      String value = ProtocolText.storable(header.getValue());
      int nameSize = name.getBytes(UTF_8).length;
      int size = nameSize + value.getBytes(UTF_8).length;
      if (isReserved(name)) {
        dropped.accept(name, "its name is reserved");
      } else if (nameSize == 0 || nameSize > MAX_NAME) {
        dropped.accept(name, "its name has " + nameSize + " bytes, not 1 to " + MAX_NAME);
      } else if (total + size > MAX_TOTAL) {
        dropped.accept(name, "with it the headers would have more than " + MAX_TOTAL + " bytes");
      } else {
        passed.put(name, value);
        total += size;
      }
    }
    return passed;
  }

  /** Ours, and those that brokers take for further routing keys. */
  private static boolean isReserved(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    return lowerCase.startsWith("regards.")
        || lowerCase.startsWith("worker-manager.")
        || lowerCase.equals("cc")
        || lowerCase.equals("bcc");
  }
}
