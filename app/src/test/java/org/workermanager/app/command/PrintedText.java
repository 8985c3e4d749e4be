package org.workermanager.app.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test's command prints, on standard output and standard error. */
final class PrintedText implements BeforeEachCallback, AfterEachCallback {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private PrintStream out;
  private PrintStream err;

  @Override
  public void beforeEach(ExtensionContext context) {
    out = System.out;
    err = System.err;
    PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
    System.setOut(capture);
    System.setErr(capture);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    System.setOut(out);
    System.setErr(err);
  }

  /** All of it, so far. */
  @Override
  public String toString() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
