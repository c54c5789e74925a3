// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.output;

import java.util.ArrayList;
import java.util.List;

/** A table in a frame of ASCII: titles in the middle of their columns, cells at the right. */
public final class Table {

  private final List<String> titles;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... titles) {
    this.titles = List.of(titles);
  }

  /** Adds a row with a cell for each title. */
  public void row(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  /** Prints it. */
  public void print(Output out) {
    int[] widths = new int[titles.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(titles.get(i));
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    String frame = frame(widths);
    out.line(frame);
    StringBuilder head = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      int gap = widths[i] - width(titles.get(i));
      cell(head, gap / 2, titles.get(i), gap - gap / 2);
    }
    out.line(head.toString());
    out.line(frame);
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("|");
      for (int i = 0; i < widths.length; i++) {
        cell(line, widths[i] - width(row.get(i)), row.get(i), 0);
      }
      out.line(line.toString());
    }
    if (!rows.isEmpty()) {
      out.line(frame);
    }
  }

  private static void cell(StringBuilder line, int before, String text, int after) {
    line.append(" ".repeat(before + 1)).append(text).append(" ".repeat(after + 1)).append('|');
  }

  private static String frame(int[] widths) {
    StringBuilder frame = new StringBuilder("+");
    for (int width : widths) {
      frame.append("-".repeat(width + 2)).append('+');
    }
    return frame.toString();
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
