// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpAnswer;
import io.kvorum.ctl.json.JsonReader;
import io.kvorum.ctl.json.JsonSyntaxException;
import io.kvorum.ctl.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** Users, and the switch of authentication. Every method throws {@link ApiFailure}. */
public final class UsersApi {
  private static final String USERS = "/v2/auth/users";
  private static final String ENABLE = "/v2/auth/enable";

  private final ClusterClient cluster;

  public UsersApi(ClusterClient cluster) {
    this.cluster = cluster;
  }

  /** The names of all users, in the server's order. */
  public List<String> list(Deadline deadline) {
    HttpAnswer answer = checked(cluster.send(ApiCall.get(USERS, ""), deadline));
    return names(answer, "users", "user");
  }

  /** The entries of the list {@code member}, each told by its own member {@code key}. */
  static List<String> names(HttpAnswer answer, String member, String key) {
    try {
      JsonReader json = new JsonReader(answer.body());
      List<String> names = new ArrayList<>();
      json.beginObject();
      while (json.hasMore()) {
        if (json.name().equals(member)) {
          addNames(json, key, names);
        } else {
          json.skip();
        }
      }
      json.end();
      return names;
    } catch (JsonSyntaxException e) {
      throw new UnusableAnswer(e.getMessage());
    }
  }

  private static void addNames(JsonReader json, String key, List<String> names)
      throws JsonSyntaxException {
    if (json.nextIsNull()) {
      return;
    }
    json.beginArray();
    while (json.hasMore()) {
      String name = "";
      json.beginObject();
      while (json.hasMore()) {
        if (json.name().equals(key)) {
          name = json.text();
        } else {
          json.skip();
        }
      }
      json.end();
      names.add(name);
    }
    json.end();
  }

  /** The names of a user's roles. */
  public List<String> roles(String user, Deadline deadline) {
    HttpAnswer answer = checked(cluster.send(ApiCall.get(path(user), ""), deadline));
    return names(answer, "roles", "role");
  }

  /** Creates a user, or gives one that exists another password. */
  public void setPassword(String user, String password, Deadline deadline) {
    StringBuilder json = document(user);
    if (!password.isEmpty()) {
      json.append(",\"password\":");
      JsonWriter.appendText(json, password);
    }
    put(user, json.append(",\"roles\":null}"), deadline);
  }

  /** Grants roles to a user. */
  public void grant(String user, List<String> roles, Deadline deadline) {
    put(user, withList(document(user).append(",\"roles\":null"), "grant", roles), deadline);
  }

  /** Takes roles from a user. */
  public void revoke(String user, List<String> roles, Deadline deadline) {
    put(user, withList(document(user).append(",\"roles\":null"), "revoke", roles), deadline);
  }

  /** Removes a user. */
  public void remove(String user, Deadline deadline) {
    HttpAnswer unused = checked(cluster.send(ApiCall.delete(path(user), ""), deadline));
  }

  /** Turns authentication on. */
  public void enable(Deadline deadline) {
    ApiCall call = ApiCall.withBody("PUT", ENABLE, "", "", "");
    HttpAnswer unused = checked(cluster.send(call, deadline));
  }

  /** Turns authentication off. */
  public void disable(Deadline deadline) {
    HttpAnswer unused = checked(cluster.send(ApiCall.delete(ENABLE, ""), deadline));
  }

  private static String path(String user) {
    return USERS + "/" + user;
  }

  private static StringBuilder document(String user) {
    StringBuilder json = new StringBuilder("{\"user\":");
    JsonWriter.appendText(json, user);
    return json;
  }

  private static StringBuilder withList(StringBuilder json, String name, List<String> texts) {
    json.append(",\"").append(name).append("\":[");
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      JsonWriter.appendText(json, texts.get(i));
    }
    return json.append("]}");
  }

  private void put(String user, StringBuilder document, Deadline deadline) {
    ApiCall call = ApiCall.withBody("PUT", path(user), "", ApiCall.JSON, document.toString());
    HttpAnswer unused = checked(cluster.send(call, deadline));
  }

  /** The answer itself, or the server's message as the failure. */
  static HttpAnswer checked(HttpAnswer answer) {
    if (answer.status() != 200 && answer.status() != 201) {
      throw MembersApi.refusal(answer);
    }
    return answer;
  }
}
