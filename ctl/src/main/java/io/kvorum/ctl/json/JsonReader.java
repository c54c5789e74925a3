// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.json;

/**
 * Reads a JSON document from front to back, the caller asking for what it expects.
 *
 * <pre>
 *   reader.beginObject();
 *   while (reader.hasMore()) {
 *     switch (reader.name()) {
 *       case "key" -> key = reader.text();
 *       default -> reader.skip();
 *     }
 *   }
 *   reader.end();
 * </pre>
 *
 * <p>As in Go, {@code null} in place of a value means the type's empty value.
 */
public final class JsonReader {

  private static final int DEPTH_MAX = 1000;

  private final String text;
  private int position;

  /** Whether the next thing in the open object or array is its first. */
  private boolean first;

  public JsonReader(String text) {
    this.text = text;
  }

  /** Enters an object. */
  public void beginObject() throws JsonSyntaxException {
    expect('{');
    first = true;
  }

  /** Enters an array. */
  public void beginArray() throws JsonSyntaxException {
    expect('[');
    first = true;
  }

  /** Whether the open object or array has another entry; a separator before it is consumed. */
  public boolean hasMore() throws JsonSyntaxException {
    char next = peek();
    if (next == '}' || next == ']') {
      return false;
    }
    if (first) {
      first = false;
      return true;
    }
    expect(',');
    return true;
  }

  /** The name of an object's next entry. */
  public String name() throws JsonSyntaxException {
    String name = string();
    expect(':');
    return name;
  }

  /** Leaves the open object or array, all entries of which were read. */
  public void end() throws JsonSyntaxException {
    char next = peek();
    if (next != '}' && next != ']') {
      throw unexpected(next);
    }
    position++;
    first = false;
  }

  /** Consumes a {@code null} if it is next. */
  public boolean nextIsNull() throws JsonSyntaxException {
    if (peek() == 'n') {
      word("null");
      return true;
    }
    return false;
  }

  /** Whether an object is next. */
  public boolean nextIsObject() throws JsonSyntaxException {
    return peek() == '{';
  }

  /** A string; empty for {@code null}. */
  public String text() throws JsonSyntaxException {
    return nextIsNull() ? "" : string();
  }

  /** An integer; zero for {@code null}. Beyond 63 bits it wraps, as unsigned numbers are kept. */
  public long number() throws JsonSyntaxException {
    if (nextIsNull()) {
      return 0;
    }
    String digits = numberText();
    try {
      return digits.startsWith("-") ? Long.parseLong(digits) : Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw new JsonSyntaxException("json: cannot unmarshal number " + digits + " into Go value");
    }
  }

  /** A truth value; false for {@code null}. */
  public boolean truth() throws JsonSyntaxException {
    String word =
        switch (peek()) {
          case 't' -> "true";
          case 'f' -> "false";
          default -> "null";
        };
    word(word);
    return word.equals("true");
  }

  /** A string, or a truth value as its word. */
  public String textOrTruth() throws JsonSyntaxException {
    char next = peek();
    return next == 't' || next == 'f' ? String.valueOf(truth()) : text();
  }

  /** Passes over a value of any kind. */
  public void skip() throws JsonSyntaxException {
    skip(0);
  }

  private void skip(int depth) throws JsonSyntaxException {
    if (depth > DEPTH_MAX) {
      throw new JsonSyntaxException("exceeded max depth");
    }
    switch (peek()) {
      case '{' -> {
        beginObject();
        while (hasMore()) {
          String unused = name();
          skip(depth + 1);
        }
        end();
      }
      case '[' -> {
        beginArray();
        while (hasMore()) {
          skip(depth + 1);
        }
        end();
      }
      case '"' -> {
        String unused = string();
      }
      case 't', 'f', 'n' -> {
        boolean unused = truth();
      }
      default -> {
        String unused = numberText();
      }
    }
  }

  /** Makes sure that nothing follows. */
  public void finish() throws JsonSyntaxException {
    skipSpace();
    if (position < text.length()) {
      throw new JsonSyntaxException(
          "invalid character '" + text.charAt(position) + "' after top-level value");
    }
  }

  private char peek() throws JsonSyntaxException {
    skipSpace();
    if (position >= text.length()) {
      throw new JsonSyntaxException("unexpected end of JSON input");
    }
    return text.charAt(position);
  }

  private void skipSpace() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private void expect(char wanted) throws JsonSyntaxException {
    char next = peek();
    if (next != wanted) {
      throw unexpected(next);
    }
    position++;
  }

  private static JsonSyntaxException unexpected(char next) {
    return new JsonSyntaxException(
        "invalid character '" + next + "' looking for beginning of value");
  }

  private void word(String word) throws JsonSyntaxException {
    char next = peek();
    if (!text.startsWith(word, position)) {
      throw unexpected(next);
    }
    position += word.length();
  }

  private String numberText() throws JsonSyntaxException {
    char next = peek();
    int start = position;
    while (position < text.length() && "+-.eE0123456789".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    if (position == start) {
      throw unexpected(next);
    }
    return text.substring(start, position);
  }

  private String string() throws JsonSyntaxException {
    expect('"');
    int start = position;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '"') {
        return text.substring(start, position++);
      }
      if (c == '\\') {
        return escapedString(start);
      }
      position++;
    }
    throw new JsonSyntaxException("unexpected end of JSON input");
  }

  private String escapedString(int start) throws JsonSyntaxException {
    StringBuilder value = new StringBuilder(text.substring(start, position));
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '"') {
        return value.toString();
      }
      value.append(c == '\\' ? escape() : c);
    }
    throw new JsonSyntaxException("unexpected end of JSON input");
  }

  private char escape() throws JsonSyntaxException {
    if (position >= text.length()) {
      throw new JsonSyntaxException("unexpected end of JSON input");
    }
    char c = text.charAt(position++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default ->
          throw new JsonSyntaxException("invalid character '" + c + "' in string escape code");
    };
  }

  private char unicode() throws JsonSyntaxException {
    int end = position + 4;
    int code = 0;
    for (; position < end; position++) {
      int digit = position < text.length() ? Character.digit(text.charAt(position), 16) : -1;
      if (digit < 0) {
        throw new JsonSyntaxException("invalid character in \\u hexadecimal character escape");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }
}
