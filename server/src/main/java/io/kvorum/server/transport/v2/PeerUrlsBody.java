// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v2;

import io.kvorum.base.Bytes;
import io.kvorum.base.JsonReader;
import io.kvorum.base.JsonReader.Kind;
import io.kvorum.base.MalformedJson;
import io.kvorum.server.base.Urls;
import io.kvorum.server.transport.net.GoQuote;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The body of a membership change: {@code {"peerURLs":["http://host:port"]}}. Complaints are worded
 * as etcd 2.3.7 words them (recorded).
 */
final class PeerUrlsBody {
  private static final String FIELD = "json: cannot unmarshal %s into Go struct field .peerURLs of";

  private PeerUrlsBody() {}

  /** The body cannot be used; the message is the answer's. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;
    private final String complaint;

    Unusable(String complaint) {
      super(complaint, null, false, false);
      this.complaint = complaint;
    }

    String complaint() {
      return complaint;
    }
  }

  /** The URLs of {@code body}, trimmed and sorted. */
  static List<String> parse(Bytes body) throws Unusable {
    List<String> given;
    try {
      // Go checks the syntax of the whole text before it looks at what is in it.
      var syntax = new JsonReader(body);
      syntax.skip();
      syntax.end();
      given = urls(new JsonReader(body));
    } catch (MalformedJson malformed) {
      throw new Unusable(String.valueOf(malformed.getMessage()));
    }
    for (var url : given) {
      complainAboutBareAddress(url.strip());
      var complaint = Urls.complaintAbout(List.of(url));
      if (complaint.isPresent()) {
        throw new Unusable(complaint.get());
      }
    }
    if (given.isEmpty()) {
      throw new Unusable("no valid URLs given");
    }
    return Urls.normalize(given);
  }

  private static List<String> urls(JsonReader json) throws Unusable {
    var urls = new ArrayList<String>();
    if (json.skipNull()) {
      return urls;
    }
    if (json.peek() != Kind.OBJECT) {
      throw new Unusable(
          "json: cannot unmarshal "
              + word(json.peek())
              + " into Go value of type struct { PeerURLs []string \"json:\\\"peerURLs\\\"\" }");
    }
    json.beginObject();
    while (json.nextMember()) {
      if (json.name().equalsIgnoreCase("peerURLs")) {
        urls.clear();
        urls.addAll(list(json));
      } else {
        json.skip();
      }
    }
    return urls;
  }

  private static List<String> list(JsonReader json) throws Unusable {
    var urls = new ArrayList<String>();
    if (json.skipNull()) {
      return urls;
    }
    if (json.peek() != Kind.ARRAY) {
      throw new Unusable(String.format(FIELD, word(json.peek())) + " type []string");
    }
    json.beginArray();
    while (json.nextElement()) {
      if (json.skipNull()) {
        urls.add("");
      } else if (json.peek() == Kind.STRING) {
        urls.add(json.text());
      } else {
        throw new Unusable(String.format(FIELD, word(json.peek())) + " type string");
      }
    }
    return urls;
  }

  private static String word(Kind kind) {
    return switch (kind) {
      case BOOLEAN -> "bool";
      case OBJECT, ARRAY, STRING, NUMBER, NULL -> kind.name().toLowerCase(Locale.ROOT);
    };
  }

  /** Go's parser refuses {@code 127.0.0.1:2380}: what is before the colon cannot be a scheme. */
  private static void complainAboutBareAddress(String url) throws Unusable {
    int colon = url.indexOf(':');
    int slash = url.indexOf('/');
    boolean colonFirst = colon > 0 && (slash < 0 || colon < slash);
    if (colonFirst && !url.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
      throw new Unusable(
          "parse " + GoQuote.quote(url) + ": first path segment in URL cannot contain colon");
    }
  }
}
