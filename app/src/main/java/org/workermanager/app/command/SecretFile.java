package org.workermanager.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A file with a secret in it, which so is neither on a command line nor in an environment. */
final class SecretFile {

  private SecretFile() {}

  /**
   * What an option is set to, by itself or by a file: that option's name ends with {@code -file}.
   *
   * @param given may be null
   * @param file may be null
   * @return null if both are
   * @throws ParameterException without the secret
   */
  static String orGiven(CommandSpec command, String option, String given, String file) {
    String fileOption = option + "-file";
    if (file == null) {
      return given;
    }
    boolean fileIsFirst = EnvironmentDefaults.isOnCommandLine(command, fileOption);
    boolean givenIsFirst = EnvironmentDefaults.isOnCommandLine(command, option);
    if (given != null && fileIsFirst == givenIsFirst) {
      throw EnvironmentDefaults.wrong(
          command, fileOption, "and " + option + " cannot both be given");
    } else if (given != null && givenIsFirst) {
      return given;
    }
    try {
      List<String> lines = lines(file);
      if (lines.size() != 1 || lines.get(0).isEmpty()) {
        throw new IllegalArgumentException("must have one line in it: " + file);
      }
      return lines.get(0);
    } catch (IllegalArgumentException e) {
      throw EnvironmentDefaults.wrong(command, fileOption, e.getMessage());
    }
  }

  /**
   * All lines of a file.
   *
   * @throws IllegalArgumentException in words that follow what it is about
   */
  static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("is not there: " + file);
    } catch (IOException | InvalidPathException e) {
      // the exception's own message may be no more than the name
      throw new IllegalArgumentException(
          "cannot be read as text: " + file + " (" + e.getClass().getSimpleName() + ")");
    }
  }
}
