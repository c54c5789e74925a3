// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.grpc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads HPACK header blocks (RFC 7541) of one connection. Not thread-safe. */
final class HeaderDecoder {

  private static final int TABLE_BYTES_MAX = 4096;
  private static final int ENTRY_OVERHEAD_BYTES = 32;

  /** Names and values of the static table; a name alone has no {@code =}. */
  private static final String STATIC =
      ":authority|:method=GET|:method=POST|:path=/|:path=/index.html|:scheme=http|:scheme=https"
          + "|:status=200|:status=204|:status=206|:status=304|:status=400|:status=404|:status=500"
          + "|accept-charset|accept-encoding=gzip, deflate|accept-language|accept-ranges|accept"
          + "|access-control-allow-origin|age|allow|authorization|cache-control|content-disposition"
          + "|content-encoding|content-language|content-length|content-location|content-range"
          + "|content-type|cookie|date|etag|expect|expires|from|host|if-match|if-modified-since"
          + "|if-none-match|if-range|if-unmodified-since|last-modified|link|location|max-forwards"
          + "|proxy-authenticate|proxy-authorization|range|referer|refresh|retry-after|server"
          + "|set-cookie|strict-transport-security|transfer-encoding|user-agent|vary|via"
          + "|www-authenticate";

  private static final List<Entry> STATIC_ENTRIES = staticEntries();

  private record Entry(String name, String value) {
    int bytes() {
      return name.length() + value.length() + ENTRY_OVERHEAD_BYTES;
    }
  }

  /** Newest first. */
  private final Deque<Entry> dynamic = new ArrayDeque<>();

  private int dynamicBytes;
  private int limitBytes = TABLE_BYTES_MAX;
  private byte[] block = {};
  private int at;

  private static List<Entry> staticEntries() {
    List<Entry> entries = new ArrayList<>(61);
    int start = 0;
    while (start <= STATIC.length()) {
      int bar = STATIC.indexOf('|', start);
      int end = bar < 0 ? STATIC.length() : bar;
      int equals = STATIC.indexOf('=', start);
      boolean hasValue = equals >= 0 && equals < end;
      entries.add(
          new Entry(
              STATIC.substring(start, hasValue ? equals : end),
              hasValue ? STATIC.substring(equals + 1, end) : ""));
      start = end + 1;
    }
    return entries;
  }

  /**
   * The headers of a block, names in lower case as they came; of equal names the first counts.
   *
   * @throws ProtocolViolation when the block is malformed; later blocks can not be read then
   */
  Map<String, String> decode(byte[] source) {
    block = source;
    at = 0;
    Map<String, String> headers = new HashMap<>();
    while (at < block.length) {
      int first = block[at] & 0xff;
      if (first >= 0x80) {
        Entry entry = entry(number(7));
        headers.putIfAbsent(entry.name(), entry.value());
      } else if (first >= 0x40) {
        Entry entry = literal(6);
        remember(entry);
        headers.putIfAbsent(entry.name(), entry.value());
      } else if (first >= 0x20) {
        resize(number(5));
      } else {
        Entry entry = literal(4);
        headers.putIfAbsent(entry.name(), entry.value());
      }
    }
    return headers;
  }

  private Entry literal(int prefixBits) {
    int index = number(prefixBits);
    String name = index == 0 ? text() : entry(index).name();
    return new Entry(name, text());
  }

  private Entry entry(int index) {
    if (index >= 1 && index <= STATIC_ENTRIES.size()) {
      return STATIC_ENTRIES.get(index - 1);
    }
    int left = index - STATIC_ENTRIES.size() - 1;
    for (Entry entry : dynamic) {
      if (left-- == 0) {
        return entry;
      }
    }
    throw new ProtocolViolation("header index " + index + " is in no table");
  }

  private void remember(Entry entry) {
    dynamic.addFirst(entry);
    dynamicBytes += entry.bytes();
    evict();
  }

  private void resize(int bytes) {
    if (bytes > TABLE_BYTES_MAX) {
      throw new ProtocolViolation("a header table of " + bytes + " bytes was never agreed on");
    }
    limitBytes = bytes;
    evict();
  }

  private void evict() {
    while (dynamicBytes > limitBytes) {
      dynamicBytes -= dynamic.removeLast().bytes();
    }
  }

  private int number(int prefixBits) {
    int mask = (1 << prefixBits) - 1;
    int value = next() & mask;
    if (value < mask) {
      return value;
    }
    for (int shift = 0; shift < 28; shift += 7) {
      int more = next();
      value += (more & 0x7f) << shift;
      if (more < 0x80) {
        return value;
      }
    }
    throw new ProtocolViolation("a number in a header block is too long");
  }

  private String text() {
    boolean coded = at < block.length && (block[at] & 0x80) != 0;
    int length = number(7);
    if (length > block.length - at) {
      throw new ProtocolViolation("a header block ends in the middle of a text");
    }
    String text =
        coded
            ? HuffmanCode.decode(block, at, length)
            : new String(block, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  private int next() {
    if (at == block.length) {
      throw new ProtocolViolation("a header block ends in the middle");
    }
    return block[at++] & 0xff;
  }
}
