// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.wire;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one kind of message, in the order in which they are shown.
 *
 * <p>Made from a line of text ({@link Wire}) when it is first needed: etcdctl shows a handful of
 * messages in its life, and the generated classes of the whole API would cost more time than the
 * call itself.
 */
public final class Shape {

  private static final Map<String, Shape> KNOWN = new HashMap<>();

  /** What a field holds. */
  enum Kind {
    INTEGER,
    UNSIGNED,
    /** A number that {@code --hex} shows in hexadecimal. */
    ID,
    LEASE,
    FLAG,
    TEXT,
    DATA,
    NESTED
  }

  /**
   * One field.
   *
   * @param type the name of the nested message's shape; empty for other kinds
   */
  record Field(int number, String name, Kind kind, boolean repeated, String type) {}

  private final String name;
  private final List<Field> fields;
  private final int[] slots;

  private Shape(String name, List<Field> fields) {
    this.name = name;
    this.fields = fields;
    int largest = 0;
    for (Field field : fields) {
      largest = Math.max(largest, field.number());
    }
    slots = new int[largest + 1];
    for (int i = 0; i < fields.size(); i++) {
      slots[fields.get(i).number()] = i + 1;
    }
  }

  /** The shape of a message by its name in the API. */
  public static Shape of(String name) {
    synchronized (KNOWN) {
      Shape known = KNOWN.get(name);
      if (known == null) {
        known = new Shape(name, parse(Wire.fields(name)));
        KNOWN.put(name, known);
      }
      return known;
    }
  }

  String name() {
    return name;
  }

  List<Field> fields() {
    return fields;
  }

  /** The place of a field among the fields; -1 for one that is not known. */
  int slot(int number) {
    return number < slots.length ? slots[number] - 1 : -1;
  }

  /**
   * {@code name number type} for each field, joined by commas; a star before the type repeats it.
   */
  private static List<Field> parse(String text) {
    List<Field> fields = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int comma = text.indexOf(',', start);
      int end = comma < 0 ? text.length() : comma;
      int first = text.indexOf(' ', start);
      int second = text.indexOf(' ', first + 1);
      boolean repeated = text.charAt(second + 1) == '*';
      String type = text.substring(second + (repeated ? 2 : 1), end);
      Kind kind = kind(type);
      fields.add(
          new Field(
              Integer.parseInt(text, first + 1, second, 10),
              text.substring(start, first),
              kind,
              repeated,
              kind == Kind.NESTED ? type : ""));
      start = end + 1;
    }
    return fields;
  }

  private static Kind kind(String type) {
    return switch (type) {
      case "int" -> Kind.INTEGER;
      case "uint" -> Kind.UNSIGNED;
      case "id" -> Kind.ID;
      case "lease" -> Kind.LEASE;
      case "bool" -> Kind.FLAG;
      case "string" -> Kind.TEXT;
      case "bytes" -> Kind.DATA;
      default -> Kind.NESTED;
    };
  }
}
