// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.Deadline;
import io.kvorum.ctl.http.HttpAnswer;
import io.kvorum.ctl.json.JsonReader;
import io.kvorum.ctl.json.JsonSyntaxException;
import io.kvorum.ctl.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;

/** The members API: who belongs to the cluster. Every method throws {@link ApiFailure}. */
public final class MembersApi {

  private static final String MEMBERS = "/v2/members";

  private final ClusterClient cluster;

  public MembersApi(ClusterClient cluster) {
    this.cluster = cluster;
  }

  /** All members in the server's order, which is by id. */
  public List<Member> list(Deadline deadline) {
    HttpAnswer answer = cluster.send(ApiCall.get(MEMBERS, ""), deadline);
    expectStatus(answer, 200);
    try {
      JsonReader json = new JsonReader(answer.body());
      List<Member> members = new ArrayList<>();
      json.beginObject();
      while (json.hasMore()) {
        if (json.name().equals("members")) {
          addMembers(json, members);
        } else {
          json.skip();
        }
      }
      json.end();
      json.finish();
      return members;
    } catch (JsonSyntaxException e) {
      throw new UnusableAnswer(e.getMessage());
    }
  }

  /** The member that leads, as the member asked sees it. */
  public Member leader(Deadline deadline) {
    HttpAnswer answer = cluster.send(ApiCall.get(MEMBERS + "/leader", ""), deadline);
    expectStatus(answer, 200);
    return member(answer);
  }

  /** Adds a member that is not started yet; its URL was checked. */
  public Member add(String peerUrl, Deadline deadline) {
    ApiCall call = ApiCall.withBody("POST", MEMBERS, "", ApiCall.JSON, peerUrls(List.of(peerUrl)));
    HttpAnswer answer = cluster.send(call, deadline);
    if (answer.status() == 409) {
      throw refusal(answer);
    }
    expectStatus(answer, 201);
    return member(answer);
  }

  /** Removes a member; one that is gone already counts as removed. */
  public void remove(String id, Deadline deadline) {
    HttpAnswer answer = cluster.send(ApiCall.delete(MEMBERS + "/" + id, ""), deadline);
    if (answer.status() != 410) {
      expectStatus(answer, 204);
    }
  }

  /** Gives a member other peer URLs; they were checked. */
  public void update(String id, List<String> peerUrls, Deadline deadline) {
    String path = MEMBERS + "/" + id;
    ApiCall call = ApiCall.withBody("PUT", path, "", ApiCall.JSON, peerUrls(peerUrls));
    HttpAnswer answer = cluster.send(call, deadline);
    if (answer.status() == 404 || answer.status() == 409) {
      throw refusal(answer);
    }
    expectStatus(answer, 204);
  }

  static void expectStatus(HttpAnswer answer, int status) {
    if (answer.status() != status) {
      throw UnusableAnswer.unexpectedStatus(answer.status());
    }
  }

  private static String peerUrls(List<String> urls) {
    StringBuilder json = new StringBuilder("{\"peerURLs\":[");
    for (int i = 0; i < urls.size(); i++) {
      if (i > 0) {
        json.append(',');
      }
      JsonWriter.appendText(json, urls.get(i));
    }
    return json.append("]}").toString();
  }

  static ApiFailure refusal(HttpAnswer answer) {
    try {
      JsonReader json = new JsonReader(answer.body());
      String message = "";
      json.beginObject();
      while (json.hasMore()) {
        if (json.name().equals("message")) {
          message = json.text();
        } else {
          json.skip();
        }
      }
      json.end();
      return new ServerRefusal(message);
    } catch (JsonSyntaxException e) {
      return new UnusableAnswer(e.getMessage());
    }
  }

  private static Member member(HttpAnswer answer) {
    try {
      return member(new JsonReader(answer.body()));
    } catch (JsonSyntaxException e) {
      throw new UnusableAnswer(e.getMessage());
    }
  }

  private static Member member(JsonReader json) throws JsonSyntaxException {
    String id = "";
    String name = "";
    List<String> peerUrls = List.of();
    List<String> clientUrls = List.of();
    json.beginObject();
    while (json.hasMore()) {
      switch (json.name()) {
        case "id" -> id = json.text();
        case "name" -> name = json.text();
        case "peerURLs" -> peerUrls = texts(json);
        case "clientURLs" -> clientUrls = texts(json);
        default -> json.skip();
      }
    }
    json.end();
    return new Member(id, name, peerUrls, clientUrls);
  }

  private static void addMembers(JsonReader json, List<Member> members) throws JsonSyntaxException {
    if (json.nextIsNull()) {
      return;
    }
    json.beginArray();
    while (json.hasMore()) {
      members.add(member(json));
    }
    json.end();
  }

  static List<String> texts(JsonReader json) throws JsonSyntaxException {
    List<String> texts = new ArrayList<>();
    if (json.nextIsNull()) {
      return texts;
    }
    json.beginArray();
    while (json.hasMore()) {
      texts.add(json.text());
    }
    json.end();
    return texts;
  }
}
