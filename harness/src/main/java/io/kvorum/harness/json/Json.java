// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A JSON value that remembers how it was written: object members keep their order, numbers their
 * digits and strings their escapes, so that {@code render(parse(x)).equals(x)} tells whether {@code
 * x} was compact. That is what a byte-exact comparison needs and what binding libraries throw away.
 */
public sealed interface Json {

  /** An object; members in written order, names may repeat. */
  record Obj(List<Member> members) implements Json {
    public Obj {
      members = List.copyOf(members);
    }
  }

  /** An array. */
  record Arr(List<Json> items) implements Json {
    public Arr {
      items = List.copyOf(items);
    }
  }

  /** A string; {@code raw} is the text between the quotes, escapes as written. */
  record Text(String raw) implements Json {
    /** The string with its escapes resolved. */
    public String value() {
      return JsonParser.unescape(raw);
    }
  }

  /** A number, {@code true}, {@code false} or {@code null}; {@code raw} as written. */
  record Scalar(String raw) implements Json {}

  /** One member of an object. */
  record Member(String name, Json value) {}

  /**
   * Reads one value that fills the whole text.
   *
   * @throws JsonSyntaxException when the text is not one JSON value
   */
  static Json parse(String text) {
    return new JsonParser(text).parseAll();
  }

  /** A string value; escapes are chosen minimally. */
  static Text text(String value) {
    return new Text(JsonParser.escape(value));
  }

  /** The compact form: no space between tokens, everything else as it was written. */
  default String render() {
    return switch (this) {
      case Obj(var members) ->
          members.stream()
              .map(m -> '"' + JsonParser.escape(m.name()) + "\":" + m.value().render())
              .collect(Collectors.joining(",", "{", "}"));
      case Arr(var items) ->
          items.stream().map(Json::render).collect(Collectors.joining(",", "[", "]"));
      case Text(var raw) -> '"' + raw + '"';
      case Scalar(var raw) -> raw;
    };
  }

  /** The first member of that name, when this is an object that has one. */
  default Optional<Json> get(String name) {
    if (!(this instanceof Obj(var members))) {
      return Optional.empty();
    }
    return members.stream().filter(m -> m.name().equals(name)).map(Member::value).findFirst();
  }

  /** The member's string, when there is one. */
  default Optional<String> string(String name) {
    return get(name).filter(Text.class::isInstance).map(v -> ((Text) v).value());
  }

  /** The member's whole number, when there is one. */
  default Optional<Long> number(String name) {
    return get(name)
        .filter(v -> v instanceof Scalar(var raw) && raw.matches("-?\\d+"))
        .map(v -> Long.valueOf(((Scalar) v).raw()));
  }

  /** The member's strings; empty when there is no such array. */
  default List<String> strings(String name) {
    List<String> found = new ArrayList<>();
    for (Json item : items(name)) {
      if (item instanceof Text text) {
        found.add(text.value());
      }
    }
    return List.copyOf(found);
  }

  /** The member's array items; empty when there is no such array. */
  default List<Json> items(String name) {
    return get(name).filter(Arr.class::isInstance).map(v -> ((Arr) v).items()).orElse(List.of());
  }

  /** Whether the member is {@code true}. */
  default boolean isTrue(String name) {
    return get(name).filter(v -> v.equals(new Scalar("true"))).isPresent();
  }
}
