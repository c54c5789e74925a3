// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v2.client;

import io.kvorum.ctl.http.HttpRequest;
import io.kvorum.ctl.http.HttpUrl;

/**
 * A request that does not know yet to which endpoint it goes.
 *
 * @param method the HTTP method
 * @param path below the endpoint, not escaped
 * @param query escaped; empty for none
 * @param contentType of the body; empty for a method without one
 * @param body may be empty
 * @param longPoll whether the answer may take any time, so that no header time-out applies
 */
record ApiCall(
    String method, String path, String query, String contentType, String body, boolean longPoll) {

  static final String FORM = "application/x-www-form-urlencoded";
  static final String JSON = "application/json";

  static ApiCall get(String path, String query) {
    return new ApiCall("GET", path, query, "", "", false);
  }

  static ApiCall delete(String path, String query) {
    return new ApiCall("DELETE", path, query, "", "", false);
  }

  static ApiCall longPoll(String path, String query) {
    return new ApiCall("GET", path, query, "", "", true);
  }

  static ApiCall withBody(String method, String path, String query, String type, String body) {
    return new ApiCall(method, path, query, type, body, false);
  }

  HttpRequest at(HttpUrl endpoint, String authorization) {
    HttpUrl url = endpoint.resource(path, query);
    return new HttpRequest(method, url, contentType, body, authorization);
  }
}
