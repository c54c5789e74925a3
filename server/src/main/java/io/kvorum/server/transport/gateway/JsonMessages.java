// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.kvorum.base.GoJson;
import io.kvorum.base.JsonReader;
import io.kvorum.base.JsonReader.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages as JSON, as etcd's gateway maps them: names as in the definitions, 64-bit numbers as
 * strings, bytes in base64, what holds its default left out. Reading also takes camel case, numbers
 * either way, both alphabets of base64, and passes over what it does not know.
 */
final class JsonMessages {

  private JsonMessages() {}

  /** JSON that is not the message it should be. */
  static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfit(FieldDescriptor field, String problem) {
      super("invalid value for field " + field.getName() + ": " + problem);
    }
  }

  // --- in ---

  /**
   * Reads the object that {@code json} is at.
   *
   * @throws io.kvorum.base.MalformedJson for what is no JSON
   * @throws Unfit for a value that its field can not hold
   */
  static Message read(JsonReader json, Message prototype) {
    var message = prototype.newBuilderForType();
    json.beginObject();
    while (json.nextMember()) {
      var field = field(message, json.name());
      if (field == null) {
        json.skip();
      } else if (!json.skipNull()) {
        readInto(message, field, json);
      }
    }
    return message.build();
  }

  private static @Nullable FieldDescriptor field(Message.Builder message, String name) {
    var type = message.getDescriptorForType();
    var field = type.findFieldByName(name);
    if (field != null) {
      return field;
    }
    return type.getFields().stream()
        .filter(candidate -> candidate.getJsonName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static void readInto(Message.Builder message, FieldDescriptor field, JsonReader json) {
    if (!field.isRepeated()) {
      message.setField(field, value(message, field, json));
      return;
    }
    json.beginArray();
    while (json.nextElement()) {
      message.addRepeatedField(field, value(message, field, json));
    }
  }

  private static Object value(Message.Builder owner, FieldDescriptor field, JsonReader json) {
    try {
      return switch (field.getJavaType()) {
        case MESSAGE -> read(json, owner.newBuilderForField(field).getDefaultInstanceForType());
        case STRING -> json.text();
        case BYTE_STRING -> ByteString.copyFrom(base64(json.text()));
        case BOOLEAN -> json.bool();
        case ENUM -> enumValue(field, json);
        case LONG -> number(field, json);
        case INT -> (int) number(field, json);
        case FLOAT, DOUBLE -> throw new Unfit(field, "etcd has no such field");
      };
    } catch (NumberFormatException malformed) {
      throw new Unfit(field, "not a number");
    } catch (IllegalArgumentException malformed) {
      throw new Unfit(field, "illegal base64 data");
    }
  }

  private static byte[] base64(String text) {
    boolean isForUrls = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
    return (isForUrls ? Base64.getUrlDecoder() : Base64.getDecoder())
        .decode(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static long number(FieldDescriptor field, JsonReader json) {
    boolean unsigned =
        field.getType() == FieldDescriptor.Type.UINT64
            || field.getType() == FieldDescriptor.Type.UINT32;
    if (json.peek() == Kind.STRING) {
      var text = json.text();
      return unsigned ? Long.parseUnsignedLong(text) : Long.parseLong(text);
    }
    return unsigned ? json.unsigned() : json.signed();
  }

  private static EnumValueDescriptor enumValue(FieldDescriptor field, JsonReader json) {
    EnumDescriptor type = field.getEnumType();
    if (json.peek() != Kind.STRING) {
      return type.findValueByNumberCreatingIfUnknown((int) json.signed());
    }
    var name = json.text();
    var value = type.findValueByName(name);
    if (value == null) {
      throw new Unfit(field, "unknown value \"" + name + "\" for enum " + type.getFullName());
    }
    return value;
  }

  // --- out ---

  /** Writes {@code message} as an object. */
  static GoJson write(GoJson json, Message message) {
    json.beginObject();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              json.name(field.getName());
              if (value instanceof List<?> values) {
                json.beginArray();
                values.forEach(one -> write(json, field, one));
                json.endArray();
              } else {
                write(json, field, value);
              }
            });
    return json.endObject();
  }

  private static void write(GoJson json, FieldDescriptor field, Object value) {
    switch (value) {
      case Message message -> write(json, message);
      case ByteString bytes -> json.value(Base64.getEncoder().encodeToString(bytes.toByteArray()));
      case EnumValueDescriptor named -> {
        if (named.getIndex() < 0) {
          json.value(named.getNumber());
        } else {
          json.value(named.getName());
        }
      }
      case Long number ->
          json.value(
              field.getType() == FieldDescriptor.Type.UINT64
                  ? Long.toUnsignedString(number)
                  : Long.toString(number));
      case Integer number -> json.value(Integer.toUnsignedLong(number));
      case Boolean yes -> json.value(yes);
      case String text -> json.value(text);
      default -> throw new IllegalArgumentException(field + ": " + value.getClass());
    }
  }
}
