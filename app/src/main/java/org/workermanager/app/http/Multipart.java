package org.workermanager.app.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Locale;

/** The parts of a {@code multipart/form-data} body (RFC 7578), as far as one is wanted. */
final class Multipart {

  private static final int LONGEST_BOUNDARY = 70;
  private static final String TRUNCATED = "The multipart body ends too early.";

  private final byte[] body;

  /** With the line break before it, which belongs to it. */
  private final byte[] delimiter;

  private int at;

  private Multipart(byte[] body, String boundary) {
    this.body = body;
    this.delimiter = ("\r\n--" + boundary).getBytes(ISO_8859_1);
  }

  /**
   * What is in the part of this name.
   *
   * @param boundary as the content type gives it; null if it does not
   * @throws Problem if there is no such part or more than one, or the body is broken
   */
  static byte[] part(byte[] body, String boundary, String name) {
    if (boundary == null || boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY) {
      throw Problem.malformed(
          "The Content-Type multipart/form-data must have a boundary of 1 to %d characters."
              .formatted(LONGEST_BOUNDARY));
    }
    return new Multipart(body, boundary).find(name);
  }

  private byte[] find(String name) {
    byte[] found = null;
    skipPreamble();
    while (!isLast()) {
      String partName = readName();
      // the empty line after the headers may be the one before the delimiter
      int end = indexOf(delimiter, at - 2);
      if (end < 0) {
        throw Problem.malformed(TRUNCATED);
      }
      if (name.equals(partName)) {
        if (found != null) {
          throw Problem.malformed("There are several parts named '" + name + "'.");
        }
        found = Arrays.copyOfRange(body, at, Math.max(at, end));
      }
      at = end + delimiter.length;
    }
    if (found == null) {
      throw Problem.malformed("There is no part named '" + name + "' in the multipart body.");
    }
    return found;
  }

  /** The first delimiter may be at the very beginning, without a line break. */
  private void skipPreamble() {
    int lineBreak = 2;
    boolean first =
        body.length >= delimiter.length - lineBreak
            && Arrays.equals(
                body, 0, delimiter.length - lineBreak, delimiter, lineBreak, delimiter.length);
    int found = first ? -lineBreak : indexOf(delimiter, 0);
    if (!first && found < 0) {
      throw Problem.malformed("The boundary does not occur in the multipart body.");
    }
    at = found + delimiter.length;
  }

  /** After a delimiter: whether it was the last one; else a part's headers come next. */
  private boolean isLast() {
    if (at + 1 < body.length && body[at] == '-' && body[at + 1] == '-') {
      return true;
    }
    while (at < body.length && (body[at] == ' ' || body[at] == '\t')) {
      at++;
    }
    if (at + 1 >= body.length) {
      throw Problem.malformed(TRUNCATED);
    }
    if (body[at] != '\r' || body[at + 1] != '\n') {
      throw Problem.malformed("A boundary in the multipart body is not alone on its line.");
    }
    // the line break stays: a part without headers begins with an empty line
    return false;
  }

  /** Reads the part's headers; null if they give no name. */
  private String readName() {
    int end = indexOf("\r\n\r\n".getBytes(ISO_8859_1), at);
    if (end < 0) {
      throw Problem.malformed(TRUNCATED);
    }
    String headers = new String(body, at, end - at, UTF_8);
    at = end + 4;
    for (String header : headers.split("\r\n")) {
      int colon = header.indexOf(':');
      if (colon > 0
          && header
              .substring(0, colon)
              .trim()
              .toLowerCase(Locale.ROOT)
              .equals("content-disposition")) {
        return HeaderParameters.parse(header.substring(colon + 1)).parameters().get("name");
      }
    }
    return null;
  }

  private int indexOf(byte[] wanted, int from) {
    for (int i = from; i <= body.length - wanted.length; i++) {
      if (body[i] == wanted[0]
          && Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
