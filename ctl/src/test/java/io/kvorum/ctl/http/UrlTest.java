// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class UrlTest {

  @Test
  void aUrlIsSplitIntoItsParts() throws MalformedUrl {
    HttpUrl url = HttpUrl.parse("HTTP://User:pw@Host:2379/a/b?c=d");
    assertEquals("http", url.scheme());
    assertEquals("Host", url.host());
    assertEquals(2379, url.port());
    assertEquals("Host:2379", url.authority());
    assertEquals("/a/b", url.path());
    assertEquals("c=d", url.query());
    assertEquals("/a/b?c=d", url.target());
  }

  @Test
  void portsHaveDefaultsAndAddressesBrackets() throws MalformedUrl {
    assertEquals(80, HttpUrl.parse("http://h").port());
    assertEquals(443, HttpUrl.parse("https://h/x").port());
    assertEquals("::1", HttpUrl.parse("http://[::1]:2379").host());
    assertEquals(80, HttpUrl.parse("http://[::1]").port());
    assertEquals("/", HttpUrl.parse("http://h").target());
  }

  @Test
  void aTextWithoutSchemeIsAPath() throws MalformedUrl {
    HttpUrl url = HttpUrl.parse("404 page not found");
    assertEquals("", url.scheme());
    assertEquals("404 page not found", url.path());
  }

  @Test
  void unusableHostsAndPortsAreTold() {
    assertEquals(
        "parse http://h:x: invalid port \":x\" after host",
        assertThrows(MalformedUrl.class, () -> HttpUrl.parse("http://h:x")).getMessage());
    assertEquals(
        "parse http://a b: invalid character \" \" in host name",
        assertThrows(MalformedUrl.class, () -> HttpUrl.parse("http://a b")).getMessage());
    assertThrows(MalformedUrl.class, () -> HttpUrl.parse("http://h:65536"));
    assertThrows(MalformedUrl.class, () -> HttpUrl.parse("http://h:-1"));
  }

  @Test
  void resourcesAreJoinedCleanedAndEscaped() throws MalformedUrl {
    HttpUrl endpoint = HttpUrl.parse("http://h:1/");
    assertEquals("http://h:1/v2/keys/a", endpoint.resource("/v2/keys/a", "").text());
    assertEquals(
        "http://h:1/v2/keys/x/y/?q=1", endpoint.resource("/v2/keys//x/./y/", "q=1").text());
    assertEquals("http://h:1/x", endpoint.resource("/v2/keys/../../../x", "").text());
    assertEquals(
        "http://h:1/a%20b%3Fc%21%2A%28%C3%A9:@", endpoint.resource("/a b?c!*(é:@", "").text());
  }

  @Test
  void formsUsePlusForSpace() {
    assertEquals("x+y%26%22%27%5C%C3%A9%2F-_.~", UrlText.escapeForm("x y&\"'\\é/-_.~"));
  }

  @Test
  void cleanPathsKeepTheirLastSlash() {
    assertEquals("/", UrlText.cleanPath(""));
    assertEquals("/", UrlText.cleanPath("/"));
    assertEquals("/a", UrlText.cleanPath("a"));
    assertEquals("/a/", UrlText.cleanPath("//a//"));
    assertEquals("/a", UrlText.cleanPath("/a/b/.."));
    assertEquals("/", UrlText.cleanPath("/../"));
  }
}
