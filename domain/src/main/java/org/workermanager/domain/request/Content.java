package org.workermanager.domain.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.Arrays;

/**
 * The body of a request or of a result: bytes that nobody here looks into.
 *
 * <p>To spare copies of what may be many megabytes, the array is shared, not copied: whoever hands
 * one over, or is handed one by {@link #bytes()}, does not write to it any more.
 */
public final class Content {

  /**
   * What a successful request is answered with when its worker gave no content (PROTOCOL section
   * 5).
   */
  public static final Content EMPTY_OBJECT = new Content("{}".getBytes(UTF_8));

  /** No bytes; also stands for a content that is not loaded, since it is not sent. */
  public static final Content NONE = new Content(new byte[0]);

  private final byte[] bytes;

  private Content(byte[] bytes) {
    this.bytes = requireNonNull(bytes, "bytes");
  }

  /** The given bytes, which must not be changed afterwards. */
  public static Content of(byte[] bytes) {
    return new Content(bytes);
  }

  /** The bytes themselves, not a copy: not to be written to. */
  public byte[] bytes() {
    return bytes;
  }

  /** The number of bytes. */
  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Content content && Arrays.equals(bytes, content.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The size only: contents are not for logs. */
  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
