package org.workermanager.app.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where a command writes bytes as they are: a file's name, or - for standard output. */
record OutputFile(String name) {

  boolean isStandardOutput() {
    return name.equals("-");
  }

  /**
   * Writes them, and nothing else.
   *
   * @throws ParameterException if that cannot be written
   */
  void write(byte[] bytes, CommandLine commandLine) {
    try {
      if (!isStandardOutput()) {
        Files.write(Path.of(name), bytes);
        return;
      }
      // past the writer, which may know characters only
      System.out.write(bytes, 0, bytes.length);
      if (System.out.checkError()) {
        throw new IOException("standard output is closed or full");
      }
    } catch (NoSuchFileException e) {
      throw new ParameterException(commandLine, "There is no folder for " + name, e);
    } catch (AccessDeniedException e) {
      throw new ParameterException(commandLine, name + " may not be written by this user", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(commandLine, name + " cannot be written: " + e.getMessage(), e);
    }
  }
}
