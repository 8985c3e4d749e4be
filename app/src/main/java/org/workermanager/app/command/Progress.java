package org.workermanager.app.command;

import java.io.PrintWriter;
import java.time.Duration;

/** Shows how far something is: on a terminal in one line, elsewhere in a line now and then. */
final class Progress {

  private static final long BETWEEN_LINES = Duration.ofSeconds(5).toNanos();

  private final PrintWriter out;
  private final boolean onTerminal;
  private long lastLine = System.nanoTime();
  private int width;

  Progress(PrintWriter out, boolean onTerminal) {
    this.out = out;
    this.onTerminal = onTerminal;
  }

  /** Whether somebody watches. */
  static boolean hasTerminal() {
    // of the consoles that Java has had since 17, the one that is there on terminals only
    System.setProperty("jdk.console", "java.base");
    return System.console() != null;
  }

  void show(String text) {
    if (onTerminal) {
      out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
      width = text.length();
    } else if (System.nanoTime() - lastLine > BETWEEN_LINES) {
      lastLine = System.nanoTime();
      out.println(text);
    }
    out.flush();
  }

  /** Leaves nothing on the line that was updated. */
  void end() {
    if (width > 0) {
      out.print("\r" + " ".repeat(width) + "\r");
      width = 0;
      out.flush();
    }
  }
}
