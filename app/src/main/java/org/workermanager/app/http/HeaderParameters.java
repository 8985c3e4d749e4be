package org.workermanager.app.http;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A header of the form {@code value; name=parameter; name="quoted parameter"}.
 *
 * @param value in lower case
 * @param parameters by their names in lower case
 */
record HeaderParameters(String value, Map<String, String> parameters) {

  static HeaderParameters parse(String header) {
    int end = header.indexOf(';');
    Map<String, String> parameters = new HashMap<>();
    int at = end < 0 ? header.length() : end + 1;
    while (at < header.length()) {
      int equals = header.indexOf('=', at);
      if (equals < 0) {
        break;
      }
      String name = header.substring(at, equals).trim().toLowerCase(Locale.ROOT);
      StringBuilder parameter = new StringBuilder();
      at = readParameter(header, equals + 1, parameter);
      parameters.putIfAbsent(name, parameter.toString());
    }
    String value = end < 0 ? header : header.substring(0, end);
    return new HeaderParameters(value.trim().toLowerCase(Locale.ROOT), parameters);
  }

  /** Returns where the next one begins. */
  private static int readParameter(String header, int from, StringBuilder parameter) {
    int at = from;
    while (at < header.length() && header.charAt(at) == ' ') {
      at++;
    }
    if (at == header.length() || header.charAt(at) != '"') {
      int end = header.indexOf(';', at);
      parameter.append(header.substring(at, end < 0 ? header.length() : end).trim());
      return end < 0 ? header.length() : end + 1;
    }
    at++;
    while (at < header.length() && header.charAt(at) != '"') {
      boolean escaped = header.charAt(at) == '\\' && at + 1 < header.length();
      parameter.append(header.charAt(escaped ? at + 1 : at));
      at += escaped ? 2 : 1;
    }
    int end = header.indexOf(';', at);
    return end < 0 ? header.length() : end + 1;
  }
}
