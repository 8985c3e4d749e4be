package org.workermanager.app.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Rows of aligned columns. Numbers stand on the right. */
final class Table {

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * One column.
   *
   * @param width longer texts are shortened
   */
  record Column(String heading, int width, boolean isNumber) {
    static Column text(String heading, int width) {
      return new Column(heading, width, false);
    }

    static Column number(String heading) {
      return new Column(heading, 20, true);
    }
  }

  Table(Column... columns) {
    this(List.of(columns));
  }

  Table(List<Column> columns) {
    this.columns = List.copyOf(columns);
  }

  /** A number as people read it. */
  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** What is null stays empty. */
  void add(Object... cells) {
    add(Stream.of(cells).toList());
  }

  void add(List<?> cells) {
    List<String> row = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Object cell = cells.get(i);
      row.add(cell == null ? "" : PrintableText.shortened(cell.toString(), columns.get(i).width()));
    }
    rows.add(row);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void print(PrintWriter out) {
    int[] widths = new int[columns.size()];
    List<String> headings = columns.stream().map(Column::heading).toList();
    Stream.concat(Stream.of(headings), rows.stream())
        .forEach(
            row -> {
              for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
              }
            });
    print(headings, widths, out);
    rows.forEach(row -> print(row, widths, out));
  }

  private void print(List<String> row, int[] widths, PrintWriter out) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      String padding = " ".repeat(widths[i] - length(cell));
      line.append(i == 0 ? "" : "  ")
          .append(columns.get(i).isNumber() ? padding + cell : cell + padding);
    }
    out.println(line.toString().stripTrailing());
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
