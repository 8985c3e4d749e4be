package org.workermanager.app.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a program prints, read as it comes: a full pipe would stop the program. */
final class PrintedLines {

  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  static PrintedLines of(InputStream stream) {
    PrintedLines printed = new PrintedLines();
    Thread reading = new Thread(() -> printed.read(stream), "reading what a program prints");
    reading.setDaemon(true);
    reading.start();
    return printed;
  }

  private void read(InputStream stream) {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("(cannot be read any more: " + e + ")");
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** The first line with this in it; none when the program ends or time is over without one. */
  synchronized Optional<String> await(String part, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    Optional<String> found = find(part);
    long left = patience.toMillis();
    while (found.isEmpty() && !ended && left > 0) {
      wait(left);
      found = find(part);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    return found;
  }

  private Optional<String> find(String part) {
    return lines.stream().filter(line -> line.contains(part)).findFirst();
  }

  /** Everything, once the program has ended. */
  synchronized String awaitEnd(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    long left = patience.toMillis();
    while (!ended && left > 0) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    return text();
  }

  /** Everything so far. */
  synchronized String text() {
    return String.join("\n", lines);
  }
}
