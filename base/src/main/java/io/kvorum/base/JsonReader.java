// SPDX-License-Identifier: Apache-2.0
package io.kvorum.base;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A strict pull reader of JSON, over bytes or a stream that need not fit into memory.
 *
 * <pre>{@code
 * reader.beginObject();
 * while (reader.nextMember()) {
 *   switch (reader.name()) {
 *     case "id" -> id = reader.unsigned();
 *     default -> reader.skip();
 *   }
 * }
 * }</pre>
 *
 * <p>Strings leave as UTF-8 bytes; malformed UTF-8 and lone surrogates become U+FFFD, as in Go.
 * Numbers are exact 64-bit integers. Every fault is a {@link MalformedJson}. Not thread-safe.
 */
public final class JsonReader {

  /** What kind of value comes next. */
  public enum Kind {
    OBJECT,
    ARRAY,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }

  private static final int END = -1;
  private static final byte[] UNKNOWN_CHARACTER = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

  private final InputStream source;
  private final byte[] buffer;
  private int position;
  private int limit;
  private long consumedBefore;
  private boolean first;
  private String name = "";

  /** A reader of {@code source}, which the caller closes. */
  public JsonReader(InputStream source) {
    this.source = source;
    this.buffer = new byte[8192];
  }

  /** A reader of {@code text}. */
  public JsonReader(Bytes text) {
    this.source = InputStream.nullInputStream();
    this.buffer = text.toArray();
    this.limit = buffer.length;
  }

  /** The kind of the next value; nothing is consumed but white space. */
  public Kind peek() {
    int c = peekToken();
    return switch (c) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.STRING;
      case 't', 'f' -> Kind.BOOLEAN;
      case 'n' -> Kind.NULL;
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Kind.NUMBER;
      default -> throw unexpected(c, "looking for beginning of value");
    };
  }

  public void beginObject() {
    begin(Kind.OBJECT);
  }

  public void beginArray() {
    begin(Kind.ARRAY);
  }

  /** Moves to the next member and reads its {@link #name()}; false at (and behind) the end. */
  public boolean nextMember() {
    int c = peekToken();
    if (c == '}') {
      position++;
      first = false;
      return false;
    }
    if (!first) {
      if (c != ',') {
        throw unexpected(c, "after object key:value pair");
      }
      position++;
      c = peekToken();
    }
    if (c != '"') {
      throw unexpected(c, "looking for beginning of object key string");
    }
    name = string().utf8();
    c = peekToken();
    if (c != ':') {
      throw unexpected(c, "after object key");
    }
    position++;
    return true;
  }

  /** The name of the member whose value comes next. */
  public String name() {
    return name;
  }

  /** Whether another element of the array comes next; false at (and behind) the end. */
  public boolean nextElement() {
    int c = peekToken();
    if (c == ']') {
      position++;
      first = false;
      return false;
    }
    if (!first) {
      if (c != ',') {
        throw unexpected(c, "after array element");
      }
      position++;
      peek();
    }
    return true;
  }

  /** A string as UTF-8. */
  public Bytes string() {
    expect(Kind.STRING);
    position++;
    ByteArrayOutputStream text = new ByteArrayOutputStream(32);
    boolean plain = true;
    while (true) {
      int c = read();
      if (c == '"') {
        first = false;
        Bytes bytes = Bytes.wrap(text.toByteArray());
        return plain ? bytes : repaired(bytes);
      }
      if (c == '\\') {
        escape(text);
      } else if (c < 0x20) {
        throw unexpectedRead(c, "in string literal");
      } else {
        plain &= c < 0x80;
        text.write(c);
      }
    }
  }

  /** A string as text. */
  public String text() {
    return string().utf8();
  }

  /** An array of strings, or null as an empty list. */
  public List<String> texts() {
    List<String> values = new ArrayList<>();
    if (!skipNull()) {
      beginArray();
      while (nextElement()) {
        values.add(text());
      }
    }
    return values;
  }

  /** A whole number from 0 to 2^64 − 1, as the bits of a long. */
  public long unsigned() {
    String digits = number();
    try {
      return Long.parseUnsignedLong(digits);
    } catch (NumberFormatException e) {
      throw wrongType("number " + digits, "uint64");
    }
  }

  /** A whole number of 64 bits with sign. */
  public long signed() {
    String digits = number();
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw wrongType("number " + digits, "int64");
    }
  }

  public boolean bool() {
    expect(Kind.BOOLEAN);
    boolean value = peekToken() == 't';
    literal(value ? "true" : "false");
    return value;
  }

  /** Consumes a null if that is what comes next. */
  public boolean skipNull() {
    if (peek() != Kind.NULL) {
      return false;
    }
    literal("null");
    return true;
  }

  /** Passes over one whole value, checking its syntax; depth costs no stack. */
  public void skip() {
    BitSet objects = new BitSet();
    int depth = 0;
    do {
      boolean more = depth == 0 || (objects.get(depth) ? nextMember() : nextElement());
      if (!more) {
        depth--;
        continue;
      }
      switch (peek()) {
        case OBJECT -> {
          beginObject();
          objects.set(++depth);
        }
        case ARRAY -> {
          beginArray();
          objects.clear(++depth);
        }
        case STRING -> string();
        case NUMBER -> number();
        case BOOLEAN -> bool();
        case NULL -> skipNull();
      }
    } while (depth > 0);
  }

  /** Whether nothing but white space is left; for texts that hold one value after another. */
  public boolean isAtEnd() {
    return nextToken() == END;
  }

  /** Refuses anything but white space behind the value. */
  public void end() {
    int c = nextToken();
    if (c != END) {
      throw unexpected(c, "after top-level value");
    }
  }

  private void begin(Kind kind) {
    expect(kind);
    position++;
    first = true;
  }

  private void expect(Kind kind) {
    Kind actual = peek();
    if (actual != kind) {
      throw wrongType(goName(actual), goName(kind));
    }
  }

  private static String goName(Kind kind) {
    return switch (kind) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case NUMBER -> "number";
      case BOOLEAN -> "bool";
      case NULL -> "null";
    };
  }

  private MalformedJson wrongType(String given, String wanted) {
    return new MalformedJson(
        "json: cannot unmarshal " + given + " into Go value of type " + wanted, offset());
  }

  private void literal(String text) {
    position++;
    for (int i = 1; i < text.length(); i++) {
      int c = read();
      if (c != text.charAt(i)) {
        throw unexpectedRead(c, "in literal " + text + " (expecting '" + text.charAt(i) + "')");
      }
    }
    first = false;
  }

  private String number() {
    expect(Kind.NUMBER);
    StringBuilder digits = new StringBuilder(20);
    if (peekRaw() == '-') {
      take(digits);
    }
    if (peekRaw() == '0') {
      take(digits);
    } else {
      digits(digits, "in numeric literal");
    }
    if (peekRaw() == '.') {
      take(digits);
      digits(digits, "after decimal point in numeric literal");
    }
    if (peekRaw() == 'e' || peekRaw() == 'E') {
      take(digits);
      if (peekRaw() == '+' || peekRaw() == '-') {
        take(digits);
      }
      digits(digits, "in exponent of numeric literal");
    }
    first = false;
    return digits.toString();
  }

  private void digits(StringBuilder target, String context) {
    if (!isDigit(peekRaw())) {
      throw unexpected(peekRaw(), context);
    }
    while (isDigit(peekRaw())) {
      take(target);
    }
  }

  private void take(StringBuilder target) {
    target.append((char) buffer[position++]);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private void escape(ByteArrayOutputStream target) {
    int c = read();
    switch (c) {
      case '"', '\\', '/' -> target.write(c);
      case 'b' -> target.write('\b');
      case 'f' -> target.write('\f');
      case 'n' -> target.write('\n');
      case 'r' -> target.write('\r');
      case 't' -> target.write('\t');
      case 'u' -> unicode(hex4(), target);
      default -> throw unexpectedRead(c, "in string escape code");
    }
  }

  private void unicode(int unit, ByteArrayOutputStream target) {
    int pending = unit;
    while (Character.isHighSurrogate((char) pending) && peekRaw() == '\\') {
      position++;
      if (peekRaw() != 'u') {
        target.writeBytes(UNKNOWN_CHARACTER);
        escape(target);
        return;
      }
      position++;
      int low = hex4();
      if (Character.isLowSurrogate((char) low)) {
        int point = Character.toCodePoint((char) pending, (char) low);
        target.writeBytes(Bytes.utf8(Character.toString(point)).toArray());
        return;
      }
      target.writeBytes(UNKNOWN_CHARACTER);
      pending = low;
    }
    boolean lone = Character.isSurrogate((char) pending);
    target.writeBytes(lone ? UNKNOWN_CHARACTER : Bytes.utf8(Character.toString(pending)).toArray());
  }

  private int hex4() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int c = read();
      int digit = Character.digit(c, 16);
      if (c >= 0x80 || digit < 0) {
        throw unexpectedRead(c, "in \\u hexadecimal character escape");
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  private static Bytes repaired(Bytes text) {
    if (Utf8.isValid(text)) {
      return text;
    }
    ByteArrayOutputStream target = new ByteArrayOutputStream(text.length() + 16);
    int i = 0;
    while (i < text.length()) {
      int size = Utf8.sequence(text, i);
      if (size == 0) {
        target.writeBytes(UNKNOWN_CHARACTER);
        i++;
      } else {
        target.writeBytes(text.slice(i, i + size).toArray());
        i += size;
      }
    }
    return Bytes.wrap(target.toByteArray());
  }

  /** The next byte behind white space, not consumed. */
  private int peekToken() {
    int c = nextToken();
    if (c == END) {
      throw new MalformedJson("unexpected end of JSON input", offset());
    }
    return c;
  }

  private int nextToken() {
    int c = peekRaw();
    while (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      position++;
      c = peekRaw();
    }
    return c;
  }

  private int peekRaw() {
    return position < limit || fill() ? buffer[position] & 0xff : END;
  }

  private int read() {
    int c = peekRaw();
    if (c == END) {
      throw new MalformedJson("unexpected end of JSON input", offset());
    }
    position++;
    return c;
  }

  private boolean fill() {
    try {
      int count = buffer.length == 0 ? -1 : source.read(buffer, 0, buffer.length);
      if (count <= 0) {
        return false;
      }
      consumedBefore += limit;
      position = 0;
      limit = count;
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long offset() {
    return consumedBefore + position;
  }

  private MalformedJson unexpectedRead(int c, String context) {
    return new MalformedJson("invalid character " + quoted(c) + " " + context, offset());
  }

  private MalformedJson unexpected(int c, String context) {
    return c == END
        ? new MalformedJson("unexpected end of JSON input", offset())
        : unexpectedRead(c, context);
  }

  private static String quoted(int c) {
    return switch (c) {
      case '\'' -> "'\\''";
      case '\\' -> "'\\\\'";
      case '\n' -> "'\\n'";
      case '\r' -> "'\\r'";
      case '\t' -> "'\\t'";
      default -> c < 0x20 || c == 0x7f ? String.format("'\\x%02x'", c) : "'" + (char) c + "'";
    };
  }
}
