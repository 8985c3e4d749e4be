package org.workermanager.app.command;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test's command prints, on standard output and standard error. */
final class PrintedText implements BeforeEachCallback, AfterEachCallback {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ByteArrayOutputStream printedOut = new ByteArrayOutputStream();
  private final ByteArrayOutputStream printedErr = new ByteArrayOutputStream();
  private PrintStream out;
  private PrintStream err;

  @Override
  public void beforeEach(ExtensionContext context) {
    out = System.out;
    err = System.err;
    System.setOut(capture(printedOut));
    System.setErr(capture(printedErr));
  }

  private PrintStream capture(ByteArrayOutputStream own) {
    OutputStream both =
        new OutputStream() {
          @Override
          public void write(int b) {
            printed.write(b);
            own.write(b);
          }
        };
    return new PrintStream(both, true, StandardCharsets.UTF_8);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    System.setOut(out);
    System.setErr(err);
  }

  /** What is on standard output since this was last asked. */
  String takeOut() {
    return take(printedOut);
  }

  /** What is on standard error since this was last asked. */
  String takeErr() {
    return take(printedErr);
  }

  private static String take(ByteArrayOutputStream stream) {
    String text = stream.toString(StandardCharsets.UTF_8);
    stream.reset();
    return text;
  }

  /** All of it, so far. */
  @Override
  public String toString() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
