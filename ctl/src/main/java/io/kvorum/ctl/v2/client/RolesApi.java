// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpAnswer;
import io.kvorum.ctl.json.JsonReader;
import io.kvorum.ctl.json.JsonSyntaxException;
import io.kvorum.ctl.json.JsonWriter;
import java.util.List;

/** Roles. Every method throws {@link ApiFailure}. */
public final class RolesApi {
  private static final String ROLES = "/v2/auth/roles";
  private static final String NO_PATTERNS = "{\"kv\":{\"read\":null,\"write\":null}}";

  private final ClusterClient cluster;

  public RolesApi(ClusterClient cluster) {
    this.cluster = cluster;
  }

  /** The names of all roles. A refusal tells its status only. */
  public List<String> list(Deadline deadline) {
    HttpAnswer answer = cluster.send(ApiCall.get(ROLES, ""), deadline);
    MembersApi.expectStatus(answer, 200);
    return UsersApi.names(answer, "roles", "role");
  }

  /** One role. */
  public Role get(String name, Deadline deadline) {
    return role(UsersApi.checked(cluster.send(ApiCall.get(path(name), ""), deadline)));
  }

  /** Creates a role without permissions. */
  public void add(String name, Deadline deadline) {
    HttpAnswer unused = put(name, document(name).append('}'), deadline);
  }

  /** Removes a role. */
  public void remove(String name, Deadline deadline) {
    HttpAnswer unused = UsersApi.checked(cluster.send(ApiCall.delete(path(name), ""), deadline));
  }

  /**
   * Grants or revokes one pattern.
   *
   * @param verb {@code grant} or {@code revoke}
   * @return the role after that
   */
  public Role change(
      String name, String verb, String pattern, boolean read, boolean write, Deadline deadline) {
    StringBuilder json = document(name).append(",\"").append(verb).append("\":{\"kv\":{\"read\":[");
    if (read) {
      JsonWriter.appendText(json, pattern);
    }
    json.append("],\"write\":[");
    if (write) {
      JsonWriter.appendText(json, pattern);
    }
    return role(put(name, json.append("]}}}"), deadline));
  }

  private static String path(String name) {
    return ROLES + "/" + name;
  }

  private static StringBuilder document(String name) {
    StringBuilder json = new StringBuilder("{\"role\":");
    JsonWriter.appendText(json, name);
    return json.append(",\"permissions\":").append(NO_PATTERNS);
  }

  private HttpAnswer put(String name, StringBuilder document, Deadline deadline) {
    ApiCall call = ApiCall.withBody("PUT", path(name), "", ApiCall.JSON, document.toString());
    return UsersApi.checked(cluster.send(call, deadline));
  }

  private static Role role(HttpAnswer answer) {
    try {
      JsonReader json = new JsonReader(answer.body());
      Role role = new Role("", List.of(), List.of());
      json.beginObject();
      while (json.hasMore()) {
        switch (json.name()) {
          case "role" -> role = new Role(json.text(), role.read(), role.write());
          case "permissions" -> role = withPermissions(json, role);
          default -> json.skip();
        }
      }
      json.end();
      return role;
    } catch (JsonSyntaxException e) {
      throw new UnusableAnswer(e.getMessage());
    }
  }

  private static Role withPermissions(JsonReader json, Role role) throws JsonSyntaxException {
    Role found = role;
    json.beginObject();
    while (json.hasMore()) {
      if (json.name().equals("kv")) {
        json.beginObject();
        while (json.hasMore()) {
          switch (json.name()) {
            case "read" -> found = new Role(role.name(), MembersApi.texts(json), found.write());
            case "write" -> found = new Role(role.name(), found.read(), MembersApi.texts(json));
            default -> json.skip();
          }
        }
        json.end();
      } else {
        json.skip();
      }
    }
    json.end();
    return found;
  }
}
