// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.MemberId;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.KeyName;
import io.kvorum.server.transport.net.HttpAnswer;
import java.util.HashMap;
import java.util.Map;

/**
 * The one place where what went wrong becomes a v2 answer: numbers, texts and statuses as recorded
 * from etcd 2.3.7.
 */
final class ErrorTable {
  private static final Map<Integer, String> MESSAGES = new HashMap<>();
  private static final Map<Integer, Integer> STATUSES = new HashMap<>();

  static {
    row(100, 404, "Key not found");
    row(101, 412, "Compare failed");
    row(102, 403, "Not a file");
    row(103, 400, "Reached the max number of peers in the cluster");
    row(104, 400, "Not a directory");
    row(105, 412, "Key already exists");
    row(106, 400, "The prefix of given key is a keyword in etcd");
    row(107, 400, "Root is read only");
    row(108, 403, "Directory not empty");
    row(109, 400, "Peer address has existed");
    row(110, 401, "The request requires user authentication");
    row(200, 400, "Value is Required in POST form");
    row(201, 400, "PrevValue is Required in POST form");
    row(202, 400, "The given TTL in POST form is not a number");
    row(203, 400, "The given index in POST form is not a number");
    row(204, 400, "Value or TTL is required in POST form");
    row(205, 400, "The given timeout in POST form is not a number");
    row(206, 400, "Name is required in POST form");
    row(207, 400, "Index or value is required");
    row(208, 400, "Index and value cannot both be specified");
    row(209, 400, "Invalid field");
    row(210, 400, "Invalid POST form");
    row(211, 400, "Value provided on refresh");
    row(212, 400, "A TTL must be provided on refresh");
    row(300, 500, "Raft Internal Error");
    row(301, 500, "During Leader Election");
    row(400, 400, "watcher is cleared due to etcd recovery");
    row(401, 400, "The event in requested index is outdated and cleared");
    row(402, 400, "Standby Internal Error");
    row(403, 400, "Invalid active size");
    row(404, 400, "Standby remove delay");
    row(500, 400, "Client Internal Error");
  }

  private ErrorTable() {}

  private static void row(int code, int status, String message) {
    STATUSES.put(code, status);
    MESSAGES.put(code, message);
  }

  /** The answer of {@code /v2/keys} to a wrong parameter. */
  static HttpAnswer key(KeyFault fault) {
    return key(fault.code(), Bytes.utf8(fault.explanation()), 0);
  }

  /** The answer of {@code /v2/keys} to a request that was not done. */
  static HttpAnswer key(Answer<?> notDone) {
    return switch (notDone) {
      case Answer.Refused<?>(Refusal.Tree(var code, var cause, var index)) ->
          key(code.number(), KeyName.shown(cause), index);
      case Answer.Refused<?>(Refusal.Membership refusal) -> throw unexpected(refusal);
      case Answer.Refused<?>(Refusal.Auth refusal) -> throw unexpected(refusal);
      case Answer.Refused<?>(Refusal.V3 refusal) -> throw unexpected(refusal);
      case Answer.Denied<?>() -> key(110, Bytes.utf8("Insufficient credentials"), 0);
      case Answer.Failed<?>(var reason, var mayHaveHappened) -> key(300, Bytes.utf8(reason), 0);
      case Answer.Done<?> done -> throw unexpected(done);
    };
  }

  /** The answer of {@code /v2/keys} to who would need to be a user, and why. */
  static HttpAnswer unauthenticated(String why) {
    return key(110, Bytes.utf8(why), 0);
  }

  private static HttpAnswer key(int code, Bytes cause, long index) {
    var json = new GoJson().beginObject().name("errorCode").value(code);
    json.name("message").value(MESSAGES.getOrDefault(code, ""));
    if (!cause.isEmpty()) {
      json.name("cause").value(cause);
    }
    json.name("index").value(index).endObject().newline();
    return HttpAnswer.json(STATUSES.getOrDefault(code, 400), json.toBytes())
        .with(new HttpAnswer.Header(KeysJson.ETCD_INDEX, Long.toString(index)));
  }

  /** What a request wanted of a member; some refusals are worded differently. */
  enum MemberVerb {
    ADD,
    UPDATE,
    REMOVE
  }

  /** The answer of {@code /v2/members} to a change that was not done. */
  static HttpAnswer member(Answer<?> notDone, MemberVerb verb) {
    return switch (notDone) {
      case Answer.Refused<?>(Refusal.Membership(var reason, var id)) -> member(reason, id, verb);
      case Answer.Refused<?>(Refusal.Tree refusal) -> throw unexpected(refusal);
      case Answer.Refused<?>(Refusal.Auth refusal) -> throw unexpected(refusal);
      case Answer.Refused<?>(Refusal.V3 refusal) -> throw unexpected(refusal);
      case Answer.Denied<?>() -> HttpAnswer.message(401, "Insufficient credentials");
      case Answer.Failed<?> failed -> internal();
      case Answer.Done<?> done -> throw unexpected(done);
    };
  }

  private static HttpAnswer member(Refusal.Membership.Reason reason, MemberId id, MemberVerb verb) {
    return switch (reason) {
      case ID_EXISTS -> HttpAnswer.message(409, "etcdserver: ID exists");
      case PEER_URL_EXISTS -> HttpAnswer.message(409, "etcdserver: peerURL exists");
      case ID_NOT_FOUND -> noSuchMember(id.hex());
      case ID_REMOVED ->
          verb == MemberVerb.REMOVE
              ? HttpAnswer.message(410, "Member permanently removed: " + id.hex())
              : internal();
      case NOT_A_LEARNER, TOO_MANY_LEARNERS -> internal();
    };
  }

  static HttpAnswer noSuchMember(String id) {
    return HttpAnswer.message(404, "No such member: " + id);
  }

  /** The answer of {@code /v2/auth} to what was not done. */
  static HttpAnswer auth(Answer<?> notDone) {
    return switch (notDone) {
      case Answer.Refused<?>(Refusal.Auth(var kind, var text)) ->
          HttpAnswer.message(status(kind), text);
      case Answer.Refused<?>(Refusal.Tree tree) -> key(notDone);
      case Answer.Refused<?>(Refusal.Membership refusal) -> throw unexpected(refusal);
      case Answer.Refused<?>(Refusal.V3 refusal) -> throw unexpected(refusal);
      case Answer.Denied<?>() -> HttpAnswer.message(401, "Insufficient credentials");
      case Answer.Failed<?> failed -> internal();
      case Answer.Done<?> done -> throw unexpected(done);
    };
  }

  private static int status(Refusal.Auth.Kind kind) {
    return switch (kind) {
      case BAD_REQUEST -> 400;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case CONFLICT -> 409;
    };
  }

  static HttpAnswer internal() {
    return HttpAnswer.message(500, "Internal Server Error");
  }

  private static IllegalStateException unexpected(Object what) {
    return new IllegalStateException("no v2 error stands for " + what);
  }
}
