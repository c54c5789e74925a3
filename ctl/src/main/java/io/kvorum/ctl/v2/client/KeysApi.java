// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.HttpAnswer;
import io.kvorum.ctl.json.JsonReader;
import io.kvorum.ctl.json.JsonSyntaxException;

/** The keys API. Every method throws {@link ApiFailure}. */
public final class KeysApi {

  private static final String KEYS = "/v2/keys";

  private final ClusterClient cluster;

  public KeysApi(ClusterClient cluster) {
    this.cluster = cluster;
  }

  /** Reads a key or directory. */
  public KeyAnswer get(String key, boolean quorum, boolean recursive, boolean sorted) {
    FormFields query =
        new FormFields().add("quorum", quorum).add("recursive", recursive).add("sorted", sorted);
    return call(ApiCall.get(path(key), query.toString()));
  }

  /** Writes a value. */
  public KeyAnswer set(String key, String value, KeyWrite how) {
    FormFields query =
        new FormFields()
            .addUnless("", "prevExist", how.existence().parameter())
            .addUnless("0", "prevIndex", Long.toUnsignedString(how.previousIndex()))
            .addUnless("", "prevValue", how.previousValue());
    String body = ttl(how.ttlSeconds()).add("value", value).toString();
    return call(ApiCall.withBody("PUT", path(key), query.toString(), ApiCall.FORM, body));
  }

  /**
   * Writes a value under a new key of a directory; such keys sort in the order of their creation.
   */
  public KeyAnswer addInOrder(String directory, String value, long ttlSeconds) {
    String body = ttl(ttlSeconds).add("value", value).toString();
    return call(ApiCall.withBody("POST", path(directory), "", ApiCall.FORM, body));
  }

  /** Makes a directory, or changes its time to live. */
  public KeyAnswer setDirectory(String key, KeyWrite how) {
    FormFields query =
        new FormFields().add("dir", true).addUnless("", "prevExist", how.existence().parameter());
    String body = ttl(how.ttlSeconds()).toString();
    return call(ApiCall.withBody("PUT", path(key), query.toString(), ApiCall.FORM, body));
  }

  /** Deletes a key or directory. */
  public KeyAnswer delete(String key, boolean directory, boolean recursive, KeyWrite condition) {
    FormFields query =
        new FormFields()
            .addUnless("false", "dir", String.valueOf(directory))
            .addUnless("0", "prevIndex", Long.toUnsignedString(condition.previousIndex()))
            .addUnless("", "prevValue", condition.previousValue())
            .addUnless("false", "recursive", String.valueOf(recursive));
    return call(ApiCall.delete(path(key), query.toString()));
  }

  /** A watch that starts after an index, or with the next event when it is 0. */
  public KeyWatch watch(String key, boolean recursive, long afterIndex) {
    return new KeyWatch(cluster, path(key), recursive, afterIndex);
  }

  private KeyAnswer call(ApiCall call) {
    return parse(cluster.send(call, cluster.callDeadline()));
  }

  private static FormFields ttl(long seconds) {
    return new FormFields().addUnless("0", "ttl", String.valueOf(Math.max(seconds, 0)));
  }

  private static String path(String key) {
    return key.isEmpty() || key.startsWith("/") ? KEYS + key : KEYS + "/" + key;
  }

  /** The result that an answer carries, or the failure it tells of. */
  static KeyAnswer parse(HttpAnswer answer) {
    if (answer.status() != 200 && answer.status() != 201) {
      throw refusal(answer.body());
    }
    if (answer.body().isEmpty()) {
      throw new UnusableAnswer("client: response body is empty");
    }
    try {
      return KeyAnswer.parse(answer.body(), index(answer));
    } catch (JsonSyntaxException | NumberFormatException e) {
      throw UnusableAnswer.invalidJson();
    }
  }

  private static long index(HttpAnswer answer) {
    String index = answer.header("x-etcd-index");
    return index.isEmpty() ? 0 : Long.parseUnsignedLong(index);
  }

  private static ApiFailure refusal(String body) {
    long code = 0;
    String message = "";
    String cause = "";
    long index = 0;
    try {
      JsonReader json = new JsonReader(body);
      json.beginObject();
      while (json.hasMore()) {
        switch (json.name()) {
          case "errorCode" -> code = json.number();
          case "message" -> message = json.text();
          case "cause" -> cause = json.text();
          case "index" -> index = json.number();
          default -> json.skip();
        }
      }
      json.end();
    } catch (JsonSyntaxException e) {
      return UnusableAnswer.invalidJson();
    }
    String store = Long.toUnsignedString(index);
    return new ServerRefusal(code + ": " + message + " (" + cause + ") [" + store + "]");
  }
}
