// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.JsonReader;
import io.kvorum.base.MemberId;
import java.util.List;

/**
 * Members as JSON in log entries and in the tree, byte for byte as genuine members write it: all
 * members of a new cluster must come to the same bytes on their own.
 */
public final class MemberJson {

  /** What a {@code raftAttributes} node holds. */
  public record RaftAttributes(List<String> peerUrls, boolean learner) {}

  /** What an {@code attributes} node holds. */
  public record Attributes(String name, List<String> clientUrls) {}

  /** What the context of a configuration change holds. */
  record Context(
      MemberId id, List<String> peerUrls, boolean learner, String name, boolean promote) {}

  private MemberJson() {}

  /** The value of {@code /0/members/ID/raftAttributes}. */
  public static Bytes raftAttributes(List<String> peerUrls, boolean learner) {
    GoJson json = new GoJson().beginObject().name("peerURLs").strings(peerUrls);
    if (learner) {
      json.name("isLearner").value(true);
    }
    return json.endObject().toBytes();
  }

  /** The value of {@code /0/members/ID/attributes}. */
  public static Bytes attributes(String name, List<String> clientUrls) {
    GoJson json = new GoJson().beginObject();
    nameTo(json, name);
    if (!clientUrls.isEmpty()) {
      json.name("clientURLs").strings(clientUrls);
    }
    return json.endObject().toBytes();
  }

  /** Throws {@link io.kvorum.base.MalformedJson} when {@code json} is something else. */
  public static RaftAttributes parseRaftAttributes(Bytes json) {
    Context context = parseContext(json);
    return new RaftAttributes(context.peerUrls, context.learner);
  }

  /** Throws {@link io.kvorum.base.MalformedJson} when {@code json} is something else. */
  public static Attributes parseAttributes(Bytes json) {
    JsonReader reader = new JsonReader(json);
    String name = "";
    List<String> clientUrls = List.of();
    reader.beginObject();
    while (reader.nextMember()) {
      switch (reader.name()) {
        case "name" -> name = reader.text();
        case "clientURLs" -> clientUrls = reader.texts();
        default -> reader.skip();
      }
    }
    reader.end();
    return new Attributes(name, clientUrls);
  }

  static Bytes add(MemberCommand.Add add) {
    GoJson json = new GoJson().beginObject().name("id").unsigned(add.id().value());
    json.name("peerURLs").strings(add.peerUrls());
    if (add.learner()) {
      json.name("isLearner").value(true);
    }
    nameTo(json, add.name());
    return json.endObject().toBytes();
  }

  static Bytes promote(MemberId id) {
    GoJson json = new GoJson().beginObject().name("id").unsigned(id.value());
    return json.name("peerURLs").nil().name("isPromote").value(true).endObject().toBytes();
  }

  static Bytes update(MemberCommand.Update update) {
    GoJson json = new GoJson().beginObject().name("id").unsigned(update.id().value());
    return json.name("peerURLs").strings(update.peerUrls()).endObject().toBytes();
  }

  static Context parseContext(Bytes json) {
    JsonReader reader = new JsonReader(json);
    long id = 0;
    List<String> peerUrls = List.of();
    boolean learner = false;
    String name = "";
    boolean promote = false;
    reader.beginObject();
    while (reader.nextMember()) {
      switch (reader.name()) {
        case "id" -> id = reader.unsigned();
        case "peerURLs" -> peerUrls = reader.texts();
        case "isLearner" -> learner = reader.bool();
        case "name" -> name = reader.text();
        case "isPromote" -> promote = reader.bool();
        default -> reader.skip();
      }
    }
    reader.end();
    return new Context(new MemberId(id), peerUrls, learner, name, promote);
  }

  private static void nameTo(GoJson json, String name) {
    if (!name.isEmpty()) {
      json.name("name").value(name);
    }
  }
}
