package org.workermanager.app.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads sizes such as {@code 500}, {@code 64K}, {@code 16M}: each letter is 1024 of the one before.
 */
final class SizeConverter implements ITypeConverter<Integer> {

  private static final Pattern FORMAT = Pattern.compile("([0-9]{1,10})([KMG]?)");

  @Override
  public Integer convert(String text) {
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /**
   * @throws IllegalArgumentException when it is none, saying how it should look
   */
  static int parse(String text) {
    Matcher matcher = FORMAT.matcher(text);
    long size = 0;
    if (matcher.matches()) {
      int power =
          switch (matcher.group(2)) {
            case "K" -> 1;
            case "M" -> 2;
            case "G" -> 3;
            default -> 0;
          };
      size = Long.parseLong(matcher.group(1)) << 10 * power;
    }
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "must be a size such as 500, 64K or 16M, and less than 2G, not '" + text + "'");
    }
    return (int) size;
  }
}
