// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.auth;

import io.kvorum.base.Bytes;
import io.kvorum.base.ProtoReader;
import io.kvorum.base.ProtoWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A user of the v3 API, with the bytes that etcd keeps in its bucket {@code authUsers}.
 *
 * @param password the text of a bcrypt hash; empty when there is none
 * @param roles sorted by their bytes
 */
public record UserRecord(String name, Bytes password, List<String> roles, Login login) {

  /** The user who can switch authentication on. */
  public static final String ROOT_USER = "root";

  /** The role that may do everything, whether it is defined or not. */
  public static final String ROOT_ROLE = "root";

  /** The order of Go's strings, which is that of their bytes. */
  private static final Comparator<String> BY_BYTES = Comparator.comparing(Bytes::utf8);

  /** How a user gets in. */
  public enum Login {
    /** Not told: a record of etcd 3.3 or older, which knows passwords only. */
    UNTOLD,
    PASSWORD,
    /** By certificate only. */
    NO_PASSWORD
  }

  public UserRecord {
    roles = List.copyOf(roles);
  }

  /** Whether a password lets this user in. */
  public boolean hasPassword() {
    return login != Login.NO_PASSWORD;
  }

  boolean isRoot() {
    return roles.contains(ROOT_ROLE);
  }

  UserRecord with(String role) {
    List<String> more = new ArrayList<>(roles);
    more.add(role);
    more.sort(BY_BYTES);
    return new UserRecord(name, password, more, login);
  }

  UserRecord without(String role) {
    return new UserRecord(
        name, password, roles.stream().filter(held -> !held.equals(role)).toList(), login);
  }

  UserRecord withPassword(Bytes hash) {
    return new UserRecord(name, hash, roles, login);
  }

  Bytes encode() {
    ProtoWriter out = new ProtoWriter();
    out.string(1, name);
    out.bytes(2, password);
    roles.forEach(role -> out.stringAlways(3, role));
    if (login != Login.UNTOLD) {
      int mark = out.begin(4);
      out.bool(1, login == Login.NO_PASSWORD);
      out.end(mark);
    }
    return out.take();
  }

  static UserRecord decode(Bytes record) {
    ProtoReader in = new ProtoReader("User", record);
    String name = "";
    Bytes password = Bytes.EMPTY;
    List<String> roles = new ArrayList<>();
    Login login = Login.UNTOLD;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> name = in.string();
        case 2 -> password = in.bytes();
        case 3 -> roles.add(in.string());
        case 4 -> login = login(in.message("UserAddOptions"));
        default -> in.skip();
      }
    }
    return new UserRecord(name, password, roles, login);
  }

  private static Login login(ProtoReader in) {
    Login login = Login.PASSWORD;
    for (int field = in.next(); field != 0; field = in.next()) {
      if (field == 1) {
        login = in.bool() ? Login.NO_PASSWORD : Login.PASSWORD;
      } else {
        in.skip();
      }
    }
    return login;
  }

  /** The hash stays out of logs. */
  @Override
  public String toString() {
    return "User[name=" + name + ", roles=" + roles + "]";
  }
}
