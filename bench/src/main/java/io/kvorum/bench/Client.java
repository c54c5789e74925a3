// SPDX-License-Identifier: Apache-2.0
package io.kvorum.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Single requests, for what is not load. */
final class Client {

  private static final int PATIENCE_MILLIS = 1_000;

  private Client() {}

  /** The body, or nothing when there was no answer. */
  static String get(String url) {
    try (InputStream body = open(url).getInputStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException noAnswer) {
      return "";
    }
  }

  /** Whether the write was acknowledged within this time. */
  static boolean put(String member, String key, String value, int patienceMillis) {
    try {
      HttpURLConnection connection = open(member + "/v2/keys/" + key);
      connection.setReadTimeout(patienceMillis);
      connection.setRequestMethod("PUT");
      connection.setDoOutput(true);
      try (OutputStream body = connection.getOutputStream()) {
        body.write(("value=" + value).getBytes(StandardCharsets.UTF_8));
      }
      return connection.getResponseCode() / 100 == 2;
    } catch (IOException noAnswer) {
      return false;
    }
  }

  private static HttpURLConnection open(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setConnectTimeout(PATIENCE_MILLIS);
    connection.setReadTimeout(PATIENCE_MILLIS);
    return connection;
  }
}
