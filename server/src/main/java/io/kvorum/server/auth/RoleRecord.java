// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.command.AuthCommand.Permission;
import java.util.ArrayList;
import java.util.List;

/**
 * A role of the v3 API, with the bytes that etcd keeps in its bucket {@code authRoles}.
 *
 * @param permissions sorted by key; those of equal keys as they were granted
 */
public record RoleRecord(String name, List<Permission> permissions) {

  public RoleRecord {
    permissions = List.copyOf(permissions);
  }

  /**
   * This role with {@code granted} as well.
   *
   * <p>It takes the place of one with the same key and end only if that one is the first with this
   * key; else the same range is there twice. That is what etcd does, and equal records are worth
   * more than tidy ones.
   */
  RoleRecord with(Permission granted) {
    List<Permission> more = new ArrayList<>(permissions);
    int at = 0;
    while (at < more.size() && more.get(at).key().compareTo(granted.key()) < 0) {
      at++;
    }
    if (at < more.size() && sameRange(more.get(at), granted.key(), granted.rangeEnd())) {
      more.set(at, granted);
      return new RoleRecord(name, more);
    }
    while (at < more.size() && more.get(at).key().equals(granted.key())) {
      at++;
    }
    more.add(at, granted);
    return new RoleRecord(name, more);
  }

  /** This role without what was granted for exactly this key and end. */
  RoleRecord without(Bytes key, Bytes rangeEnd) {
    return new RoleRecord(
        name,
        permissions.stream().filter(permission -> !sameRange(permission, key, rangeEnd)).toList());
  }

  private static boolean sameRange(Permission permission, Bytes key, Bytes rangeEnd) {
    return permission.key().equals(key) && permission.rangeEnd().equals(rangeEnd);
  }

  Bytes encode() {
    ProtoWriter out = new ProtoWriter();
    out.string(1, name);
    for (Permission permission : permissions) {
      int mark = out.begin(2);
      out.enumeration(1, permission.type());
      out.bytes(2, permission.key());
      out.bytes(3, permission.rangeEnd());
      out.end(mark);
    }
    return out.take();
  }

  static RoleRecord decode(Bytes record) {
    ProtoReader in = new ProtoReader("Role", record);
    String name = "";
    List<Permission> permissions = new ArrayList<>();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> name = in.string();
        case 2 -> permissions.add(permission(in.message("Permission")));
        default -> in.skip();
      }
    }
    return new RoleRecord(name, permissions);
  }

  private static Permission permission(ProtoReader in) {
    int type = 0;
    Bytes key = Bytes.EMPTY;
    Bytes rangeEnd = Bytes.EMPTY;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> type = in.enumeration();
        case 2 -> key = in.bytes();
        case 3 -> rangeEnd = in.bytes();
        default -> in.skip();
      }
    }
    return new Permission(type, key, rangeEnd);
  }
}
