// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.base.KeyRange;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import java.nio.ByteBuffer;
import java.util.List;

/** Users, roles and the switch in the store: the records of etcd's own buckets. */
final class AuthTables {

  private static final Table AUTH = new Table("auth");
  private static final Table USERS = new Table("authUsers");
  private static final Table ROLES = new Table("authRoles");
  static final List<Table> ALL = List.of(AUTH, USERS, ROLES);

  private static final Bytes ENABLED = Bytes.utf8("authEnabled");
  private static final Bytes REVISION = Bytes.utf8("authRevision");

  private AuthTables() {}

  static AuthState load(Engine engine) {
    AuthState state = AuthState.EMPTY;
    try (Cursor cursor = engine.scan(ROLES, KeyRange.ALL)) {
      while (cursor.next()) {
        state = state.with(RoleRecord.decode(cursor.value()));
      }
    }
    try (Cursor cursor = engine.scan(USERS, KeyRange.ALL)) {
      while (cursor.next()) {
        state = state.with(UserRecord.decode(cursor.value()));
      }
    }
    return state
        .switched(engine.get(AUTH, ENABLED).filter(flag -> flag.equals(flag(true))).isPresent())
        .at(
            engine
                .get(AUTH, REVISION)
                .map(value -> value.asByteBuffer().getLong())
                .orElse(AuthState.EMPTY.revision()));
  }

  static void putEnabled(boolean on, Batch batch) {
    batch.put(AUTH, ENABLED, flag(on));
  }

  private static Bytes flag(boolean on) {
    return Bytes.wrap(new byte[] {(byte) (on ? 1 : 0)});
  }

  static void putRevision(long revision, Batch batch) {
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).putLong(revision);
    batch.put(AUTH, REVISION, Bytes.wrap(number.array()));
  }

  static void put(UserRecord user, Batch batch) {
    batch.put(USERS, Bytes.utf8(user.name()), user.encode());
  }

  static void put(RoleRecord role, Batch batch) {
    batch.put(ROLES, Bytes.utf8(role.name()), role.encode());
  }

  static void deleteUser(String name, Batch batch) {
    batch.delete(USERS, Bytes.utf8(name));
  }

  static void deleteRole(String name, Batch batch) {
    batch.delete(ROLES, Bytes.utf8(name));
  }
}
