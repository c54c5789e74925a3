// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MemberId;
import java.util.List;

/**
 * A whole member as etcd writes it down: in the store's {@code members} table and towards peers.
 * Empty fields are left out; the id is a decimal number.
 */
public final class WholeMember {

  private WholeMember() {}

  /** The whole member, as peers are told and as the store keeps it. */
  public static void write(Member member, GoJson json) {
    json.beginObject().name("id").unsigned(member.id().value());
    json.name("peerURLs").strings(member.peerUrls());
    writeLearner(member, json);
    if (!member.name().isEmpty()) {
      json.name("name").value(member.name());
    }
    if (!member.clientUrls().isEmpty()) {
      json.name("clientURLs").strings(member.clientUrls());
    }
    json.endObject();
  }

  static Bytes bytes(Member member) {
    GoJson json = new GoJson();
    write(member, json);
    return json.toBytes();
  }

  /** Reads a whole member; missing fields are empty. */
  public static Member read(JsonReader json) {
    long id = 0;
    String name = "";
    List<String> peerUrls = List.of();
    List<String> clientUrls = List.of();
    boolean learner = false;
    json.beginObject();
    while (json.nextMember()) {
      switch (json.name()) {
        case "id" -> id = json.unsigned();
        case "name" -> name = json.text();
        case "peerURLs" -> peerUrls = json.skipNull() ? List.of() : json.texts();
        case "clientURLs" -> clientUrls = json.skipNull() ? List.of() : json.texts();
        case "isLearner" -> learner = json.bool();
        default -> json.skip();
      }
    }
    return new Member(new MemberId(id), name, peerUrls, clientUrls, learner);
  }

  private static void writeLearner(Member member, GoJson json) {
    if (member.learner()) {
      json.name("isLearner").value(true);
    }
  }
}
