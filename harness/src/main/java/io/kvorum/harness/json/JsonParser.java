// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.json;

import java.util.ArrayList;
import java.util.List;

/** Recursive descent over one text; used once per text. */
final class JsonParser {
  private final String text;
  private int at;

  JsonParser(String text) {
    this.text = text;
  }

  Json parseAll() {
    Json value = value();
    skipSpace();
    if (at != text.length()) {
      throw syntax("the end");
    }
    return value;
  }

  private Json value() {
    skipSpace();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> new Json.Text(rawString());
      default -> scalar();
    };
  }

  private Json object() {
    List<Json.Member> members = new ArrayList<>();
    at++;
    if (accept('}')) {
      return new Json.Obj(members);
    }
    do {
      skipSpace();
      String name = unescape(rawString());
      expect(':');
      members.add(new Json.Member(name, value()));
    } while (accept(','));
    expect('}');
    return new Json.Obj(members);
  }

  private Json array() {
    List<Json> items = new ArrayList<>();
    at++;
    if (accept(']')) {
      return new Json.Arr(items);
    }
    do {
      items.add(value());
    } while (accept(','));
    expect(']');
    return new Json.Arr(items);
  }

  private String rawString() {
    if (peek() != '"') {
      throw syntax("a string");
    }
    int start = ++at;
    while (peek() != '"') {
      at += peek() == '\\' ? 2 : 1;
    }
    return text.substring(start, at++);
  }

  private Json scalar() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    String raw = text.substring(start, at);
    if (!raw.matches("true|false|null|-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?")) {
      at = start;
      throw syntax("a value");
    }
    return new Json.Scalar(raw);
  }

  private boolean accept(char c) {
    skipSpace();
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw syntax("'" + c + "'");
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw syntax("more");
    }
    return text.charAt(at);
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private JsonSyntaxException syntax(String expectation) {
    return new JsonSyntaxException(expectation, at, text);
  }

  static String unescape(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char kind = raw.charAt(++i);
      switch (kind) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'u' -> {
          out.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
          i += 4;
        }
        default -> out.append(kind);
      }
    }
    return out.toString();
  }

  static String escape(String value) {
    StringBuilder out = new StringBuilder(value.length() + 2);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        case '\r' -> out.append("\\r");
        default -> out.append(c < 0x20 ? "\\u%04x".formatted((int) c) : String.valueOf(c));
      }
    }
    return out.toString();
  }
}
