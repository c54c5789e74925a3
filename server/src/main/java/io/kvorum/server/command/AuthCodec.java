// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.command;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.command.AuthCommand.Permission;
import java.util.Arrays;
import java.util.Optional;

/** Changes of users and roles as fields of etcd's InternalRaftRequest. */
final class AuthCodec {

  private static final int ENABLE = 1000;
  private static final int DISABLE = 1011;
  private static final int AUTHENTICATE = 1012;
  static final int USER_ADD = 1100;
  private static final int USER_DELETE = 1101;
  static final int CHANGE_PASSWORD = 1103;
  private static final int GRANT_ROLE = 1104;
  private static final int REVOKE_ROLE = 1105;
  private static final int ROLE_ADD = 1200;
  private static final int ROLE_DELETE = 1201;
  private static final int GRANT_PERMISSION = 1203;
  private static final int REVOKE_PERMISSION = 1204;

  private AuthCodec() {}

  // --- out ---

  static int field(AuthCommand command) {
    return switch (command) {
      case AuthCommand.Enable enable -> ENABLE;
      case AuthCommand.Disable disable -> DISABLE;
      case AuthCommand.Authenticate authenticate -> AUTHENTICATE;
      case AuthCommand.AddUser add -> USER_ADD;
      case AuthCommand.DeleteUser delete -> USER_DELETE;
      case AuthCommand.ChangePassword change -> CHANGE_PASSWORD;
      case AuthCommand.GrantRole grant -> GRANT_ROLE;
      case AuthCommand.RevokeRole revoke -> REVOKE_ROLE;
      case AuthCommand.AddRole add -> ROLE_ADD;
      case AuthCommand.DeleteRole delete -> ROLE_DELETE;
      case AuthCommand.GrantPermission grant -> GRANT_PERMISSION;
      case AuthCommand.RevokePermission revoke -> REVOKE_PERMISSION;
    };
  }

  static void write(ProtoWriter out, AuthCommand command) {
    switch (command) {
      case AuthCommand.Enable enable -> {}
      case AuthCommand.Disable disable -> {}
      case AuthCommand.Authenticate(String user, String simpleToken) -> {
        out.string(1, user);
        out.string(3, simpleToken);
      }
      case AuthCommand.AddUser(String user, Password password, boolean noPassword) -> {
        out.string(1, user);
        out.string(2, password.plain());
        if (noPassword) {
          int mark = out.begin(3);
          out.bool(1, true);
          out.end(mark);
        }
        out.string(4, password.hashed());
      }
      case AuthCommand.DeleteUser(String user) -> out.string(1, user);
      case AuthCommand.ChangePassword(String user, Password password) -> {
        out.string(1, user);
        out.string(2, password.plain());
        out.string(3, password.hashed());
      }
      case AuthCommand.GrantRole(String user, String role) -> {
        out.string(1, user);
        out.string(2, role);
      }
      case AuthCommand.RevokeRole(String user, String role) -> {
        out.string(1, user);
        out.string(2, role);
      }
      case AuthCommand.AddRole(String role) -> out.string(1, role);
      case AuthCommand.DeleteRole(String role) -> out.string(1, role);
      case AuthCommand.GrantPermission(String role, Permission permission) -> {
        out.string(1, role);
        int mark = out.begin(2);
        out.enumeration(1, permission.type());
        out.bytes(2, permission.key());
        out.bytes(3, permission.rangeEnd());
        out.end(mark);
      }
      case AuthCommand.RevokePermission(String role, Bytes key, Bytes rangeEnd) -> {
        out.string(1, role);
        out.bytes(2, key);
        out.bytes(3, rangeEnd);
      }
    }
  }

  // --- in ---

  /**
   * The command in the current field of {@code in}; none, and the field passed over, if unknown.
   */
  static Optional<V3Command> command(int field, ProtoReader in) {
    return switch (field) {
      case ENABLE -> {
        texts(in, 0);
        yield Optional.of(new AuthCommand.Enable());
      }
      case DISABLE -> {
        texts(in, 0);
        yield Optional.of(new AuthCommand.Disable());
      }
      case AUTHENTICATE -> {
        String[] texts = texts(in, 3);
        yield Optional.of(new AuthCommand.Authenticate(texts[0], texts[2]));
      }
      case USER_ADD -> Optional.of(addUser(in.message("AuthUserAddRequest")));
      case USER_DELETE -> Optional.of(new AuthCommand.DeleteUser(texts(in, 1)[0]));
      case CHANGE_PASSWORD -> {
        String[] texts = texts(in, 3);
        yield Optional.of(
            new AuthCommand.ChangePassword(texts[0], new Password(texts[1], texts[2])));
      }
      case GRANT_ROLE -> {
        String[] texts = texts(in, 2);
        yield Optional.of(new AuthCommand.GrantRole(texts[0], texts[1]));
      }
      case REVOKE_ROLE -> {
        String[] texts = texts(in, 2);
        yield Optional.of(new AuthCommand.RevokeRole(texts[0], texts[1]));
      }
      case ROLE_ADD -> Optional.of(new AuthCommand.AddRole(texts(in, 1)[0]));
      case ROLE_DELETE -> Optional.of(new AuthCommand.DeleteRole(texts(in, 1)[0]));
      case GRANT_PERMISSION ->
          Optional.of(grantPermission(in.message("AuthRoleGrantPermissionRequest")));
      case REVOKE_PERMISSION ->
          Optional.of(revokePermission(in.message("AuthRoleRevokePermissionRequest")));
      default -> {
        in.skip();
        yield Optional.empty();
      }
    };
  }

  /** Most of these messages are nothing but strings, numbered from 1. */
  private static String[] texts(ProtoReader outer, int count) {
    ProtoReader in = outer.message("auth request");
    String[] texts = new String[count];
    Arrays.fill(texts, "");
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field <= count) {
        texts[field - 1] = in.string();
      } else {
        in.skip();
      }
    }
    return texts;
  }

  private static AuthCommand addUser(ProtoReader in) {
    String user = "";
    String plain = "";
    String hashed = "";
    boolean noPassword = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> user = in.string();
        case 2 -> plain = in.string();
        case 3 -> noPassword = noPassword(in.message("UserAddOptions"));
        case 4 -> hashed = in.string();
        default -> in.skip();
      }
    }
    return new AuthCommand.AddUser(user, new Password(plain, hashed), noPassword);
  }

  private static boolean noPassword(ProtoReader in) {
    boolean noPassword = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        noPassword = in.bool();
      } else {
        in.skip();
      }
    }
    return noPassword;
  }

  private static AuthCommand grantPermission(ProtoReader in) {
    String role = "";
    Permission permission = new Permission(Permission.READ, Bytes.EMPTY, Bytes.EMPTY);
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> role = in.string();
        case 2 -> permission = permission(in.message("Permission"));
        default -> in.skip();
      }
    }
    return new AuthCommand.GrantPermission(role, permission);
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

  private static AuthCommand revokePermission(ProtoReader in) {
    String role = "";
    Bytes key = Bytes.EMPTY;
    Bytes rangeEnd = Bytes.EMPTY;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> role = in.string();
        case 2 -> key = in.bytes();
        case 3 -> rangeEnd = in.bytes();
        default -> in.skip();
      }
    }
    return new AuthCommand.RevokePermission(role, key, rangeEnd);
  }
}
