package org.workermanager.app.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.workermanager.domain.request.RequestStatus;
import org.workermanager.domain.search.ContentTypeSelection;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of a few words, in upper or lower case, with hyphens or underscores. */
abstract sealed class ChoiceConverter<T extends Enum<T>> implements ITypeConverter<T> {

  private final T[] choices;

  private ChoiceConverter(T[] choices) {
    this.choices = choices;
  }

  /** Of the states of a request. */
  static final class Status extends ChoiceConverter<RequestStatus> {
    Status() {
      super(RequestStatus.values());
    }
  }

  /** Of the ways to compare a content type. */
  static final class Match extends ChoiceConverter<ContentTypeSelection.Match> {
    Match() {
      super(ContentTypeSelection.Match.values());
    }
  }

  @Override
  public T convert(String text) {
    return Arrays.stream(choices)
        .filter(choice -> choice.name().equalsIgnoreCase(text.replace('-', '_')))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "must be one of %s, not '%s'"
                        .formatted(
                            Arrays.stream(choices)
                                .map(
                                    choice ->
                                        choice.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                                .collect(Collectors.joining(", ")),
                            text)));
  }
}
