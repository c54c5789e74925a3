// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import java.util.ArrayList;
import java.util.List;

/** What a path of the v2 tree looks like: absolute, no empty, {@code .} or {@code ..} parts. */
public final class StorePath {

  public static final Bytes ROOT = Bytes.utf8("/");

  private StorePath() {}

  /** The one form of {@code path} that the tree knows; a path in that form is returned as it is. */
  public static Bytes clean(Bytes path) {
    if (isClean(path)) {
      return path;
    }
    List<Bytes> kept = new ArrayList<>();
    int at = 0;
    while (at <= path.length()) {
      int end = endOfPart(path, at);
      Bytes part = path.slice(at, end);
      if (isParent(part)) {
        if (!kept.isEmpty()) {
          kept.removeLast();
        }
      } else if (!part.isEmpty() && !isSelf(part)) {
        kept.add(part);
      }
      at = end + 1;
    }
    return kept.stream().reduce(StorePath::child).map(StorePath::absolute).orElse(ROOT);
  }

  /** The path of the child {@code name} of {@code parent}. */
  public static Bytes child(Bytes parent, Bytes name) {
    int slash = parent.equals(ROOT) ? 0 : 1;
    byte[] joined = new byte[parent.length() + slash + name.length()];
    parent.copyTo(joined, 0);
    joined[parent.length() + slash - 1] = '/';
    name.copyTo(joined, parent.length() + slash);
    return Bytes.wrap(joined);
  }

  /** The path of the directory that {@code path} is in; the root is in itself. */
  public static Bytes parent(Bytes path) {
    int slash = lastSlash(path);
    return slash == 0 ? ROOT : path.slice(0, slash);
  }

  /** The last part of {@code path}; empty for the root. */
  public static Bytes name(Bytes path) {
    return path.slice(lastSlash(path) + 1, path.length());
  }

  /** Where the part that starts at {@code from} ends. */
  public static int endOfPart(Bytes path, int from) {
    int slash = path.indexOf('/', from);
    return slash < 0 ? path.length() : slash;
  }

  private static Bytes absolute(Bytes path) {
    return ROOT.concat(path);
  }

  private static int lastSlash(Bytes path) {
    int at = path.length() - 1;
    while (path.at(at) != '/') {
      at--;
    }
    return at;
  }

  private static boolean isClean(Bytes path) {
    if (path.isEmpty() || path.at(0) != '/') {
      return false;
    }
    int at = 1;
    while (at < path.length()) {
      int end = endOfPart(path, at);
      if (end == at || end == path.length() - 1) {
        return false;
      }
      if (path.at(at) == '.') {
        Bytes part = path.slice(at, end);
        if (isSelf(part) || isParent(part)) {
          return false;
        }
      }
      at = end + 1;
    }
    return true;
  }

  private static boolean isSelf(Bytes part) {
    return part.length() == 1 && part.at(0) == '.';
  }

  private static boolean isParent(Bytes part) {
    return part.length() == 2 && part.at(0) == '.' && part.at(1) == '.';
  }
}
