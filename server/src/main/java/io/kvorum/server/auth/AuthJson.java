// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The documents as text. They are read as Go reads them: names of members in any case, unknown
 * members passed over, {@code null} for "not given", and nothing behind the document looked at.
 */
public final class AuthJson {
  private AuthJson() {}

  /** A user. Throws {@link MalformedJson}. */
  public static User user(Bytes text) {
    var json = new JsonReader(text);
    String name = "";
    String password = "";
    List<String> roles = null;
    List<String> grant = null;
    List<String> revoke = null;
    if (!json.skipNull()) {
      json.beginObject();
      while (json.nextMember()) {
        switch (member(json)) {
          case "user" -> name = text(json, name);
          case "password" -> password = text(json, password);
          case "roles" -> roles = texts(json);
          case "grant" -> grant = texts(json);
          case "revoke" -> revoke = texts(json);
          default -> json.skip();
        }
      }
    }
    return new User(name, password, roles, TextSet.orEmpty(grant), TextSet.orEmpty(revoke));
  }

  /** A role. Throws {@link MalformedJson}. */
  public static Role role(Bytes text) {
    var json = new JsonReader(text);
    String name = "";
    Permissions permissions = null;
    Permissions grant = null;
    Permissions revoke = null;
    if (!json.skipNull()) {
      json.beginObject();
      while (json.nextMember()) {
        switch (member(json)) {
          case "role" -> name = text(json, name);
          case "permissions" -> permissions = permissions(json);
          case "grant" -> grant = permissions(json);
          case "revoke" -> revoke = permissions(json);
          default -> json.skip();
        }
      }
    }
    return new Role(name, permissions == null ? Permissions.NONE : permissions, grant, revoke);
  }

  /** The switch. Throws {@link MalformedJson}. */
  public static boolean flag(Bytes text) {
    var json = new JsonReader(text);
    boolean flag = !json.skipNull() && json.bool();
    json.end();
    return flag;
  }

  private static @Nullable Permissions permissions(JsonReader json) {
    if (json.skipNull()) {
      return null;
    }
    var permissions = Permissions.NONE;
    json.beginObject();
    while (json.nextMember()) {
      if (member(json).equals("kv")) {
        permissions = patterns(json);
      } else {
        json.skip();
      }
    }
    return permissions;
  }

  private static Permissions patterns(JsonReader json) {
    List<String> read = null;
    List<String> write = null;
    if (!json.skipNull()) {
      json.beginObject();
      while (json.nextMember()) {
        switch (member(json)) {
          case "read" -> read = texts(json);
          case "write" -> write = texts(json);
          default -> json.skip();
        }
      }
    }
    return new Permissions(read, write);
  }

  private static String member(JsonReader json) {
    return json.name().toLowerCase(Locale.ROOT);
  }

  private static String text(JsonReader json, String instead) {
    return json.skipNull() ? instead : json.text();
  }

  private static @Nullable List<String> texts(JsonReader json) {
    if (json.skipNull()) {
      return null;
    }
    var texts = new ArrayList<String>();
    json.beginArray();
    while (json.nextElement()) {
      texts.add(text(json, ""));
    }
    return texts;
  }

  /** Writes a user as stored; an empty password is left out. */
  public static void write(GoJson json, User user) {
    json.beginObject().name("user").value(user.name());
    if (!user.password().isEmpty()) {
      json.name("password").value(user.password());
    }
    list(json, "roles", user.roles());
    if (!user.grant().isEmpty()) {
      list(json, "grant", user.grant());
    }
    if (!user.revoke().isEmpty()) {
      list(json, "revoke", user.revoke());
    }
    json.endObject();
  }

  /** Writes a role as stored and as shown. */
  public static void write(GoJson json, Role role) {
    json.beginObject().name("role").value(role.name());
    write(json, "permissions", role.permissions());
    if (role.grant() != null) {
      write(json, "grant", role.grant());
    }
    if (role.revoke() != null) {
      write(json, "revoke", role.revoke());
    }
    json.endObject();
  }

  /** Writes a user with the full documents of {@code roles}, which are left out when empty. */
  public static void write(GoJson json, String user, List<Role> roles) {
    json.beginObject().name("user").value(user);
    if (!roles.isEmpty()) {
      json.name("roles").beginArray();
      roles.forEach(role -> write(json, role));
      json.endArray();
    }
    json.endObject();
  }

  private static void write(GoJson json, String name, Permissions permissions) {
    json.name(name).beginObject().name("kv").beginObject();
    list(json, "read", permissions.read());
    list(json, "write", permissions.write());
    json.endObject().endObject();
  }

  private static void list(GoJson json, String name, @Nullable List<String> texts) {
    json.name(name);
    if (texts == null) {
      json.nil();
    } else {
      json.strings(texts);
    }
  }
}
