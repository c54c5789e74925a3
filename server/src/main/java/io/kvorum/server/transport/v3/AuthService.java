// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.kvorum.api.authpb.Permission;
import io.kvorum.api.etcdserverpb.AuthDisableRequest;
import io.kvorum.api.etcdserverpb.AuthDisableResponse;
import io.kvorum.api.etcdserverpb.AuthEnableRequest;
import io.kvorum.api.etcdserverpb.AuthEnableResponse;
import io.kvorum.api.etcdserverpb.AuthRoleAddRequest;
import io.kvorum.api.etcdserverpb.AuthRoleAddResponse;
import io.kvorum.api.etcdserverpb.AuthRoleDeleteRequest;
import io.kvorum.api.etcdserverpb.AuthRoleDeleteResponse;
import io.kvorum.api.etcdserverpb.AuthRoleGetRequest;
import io.kvorum.api.etcdserverpb.AuthRoleGetResponse;
import io.kvorum.api.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.kvorum.api.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.kvorum.api.etcdserverpb.AuthRoleListRequest;
import io.kvorum.api.etcdserverpb.AuthRoleListResponse;
import io.kvorum.api.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.kvorum.api.etcdserverpb.AuthRoleRevokePermissionResponse;
import io.kvorum.api.etcdserverpb.AuthStatusRequest;
import io.kvorum.api.etcdserverpb.AuthStatusResponse;
import io.kvorum.api.etcdserverpb.AuthUserAddRequest;
import io.kvorum.api.etcdserverpb.AuthUserAddResponse;
import io.kvorum.api.etcdserverpb.AuthUserChangePasswordRequest;
import io.kvorum.api.etcdserverpb.AuthUserChangePasswordResponse;
import io.kvorum.api.etcdserverpb.AuthUserDeleteRequest;
import io.kvorum.api.etcdserverpb.AuthUserDeleteResponse;
import io.kvorum.api.etcdserverpb.AuthUserGetRequest;
import io.kvorum.api.etcdserverpb.AuthUserGetResponse;
import io.kvorum.api.etcdserverpb.AuthUserGrantRoleRequest;
import io.kvorum.api.etcdserverpb.AuthUserGrantRoleResponse;
import io.kvorum.api.etcdserverpb.AuthUserListRequest;
import io.kvorum.api.etcdserverpb.AuthUserListResponse;
import io.kvorum.api.etcdserverpb.AuthUserRevokeRoleRequest;
import io.kvorum.api.etcdserverpb.AuthUserRevokeRoleResponse;
import io.kvorum.api.etcdserverpb.AuthenticateRequest;
import io.kvorum.api.etcdserverpb.AuthenticateResponse;
import io.kvorum.api.etcdserverpb.ResponseHeader;
import io.kvorum.base.Bytes;
import io.kvorum.server.command.AuthCommand;
import io.kvorum.server.command.AuthCommand.Password;
import io.kvorum.server.command.Refusal;
import io.kvorum.server.command.Refusal.Accounts.Reason;
import io.kvorum.server.request.Answer;
import io.kvorum.server.request.Caller;
import io.kvorum.server.request.LogIn;
import io.kvorum.server.request.ManageAccounts;
import io.kvorum.server.transport.net.RpcMethods;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** etcd's Auth service. Headers tell the revision of the keyspace. */
public final class AuthService {
  private static final String SERVICE = "etcdserverpb.Auth";

  private final ManageAccounts accounts;
  private final LogIn login;
  private final Headers headers;
  private final LongSupplier revision;
  private final Gate gate;

  /**
   * @param revision of the keyspace
   */
  public AuthService(
      ManageAccounts accounts, LogIn login, Headers headers, LongSupplier revision, Gate gate) {
    this.accounts = accounts;
    this.login = login;
    this.headers = headers;
    this.revision = revision;
    this.gate = gate;
  }

  /** Adds the service. */
  public void register(RpcMethods methods) {
    registerSwitch(methods);
    registerUsers(methods);
    registerRoles(methods);
  }

  private ResponseHeader header() {
    return headers.of(revision.getAsLong());
  }

  private <Q extends Message, A extends Message> void add(
      RpcMethods methods, String name, Parser<Q> parser, MessageMethod.Use<Q, A> use) {
    methods.with(SERVICE, name, gate.unary(MessageMethod.unary(parser, use)));
  }

  /** A method that is one command. */
  private <Q extends Message, A extends Message> void command(
      RpcMethods methods,
      String name,
      Parser<Q> parser,
      Function<Q, AuthCommand> command,
      Function<ResponseHeader, A> done) {
    add(
        methods,
        name,
        parser,
        (caller, request) ->
            Answer.map(
                accounts.change(caller, command.apply(request)), state -> done.apply(header())));
  }

  // --- the switch and who comes in ---

  private void registerSwitch(RpcMethods methods) {
    command(
        methods,
        "AuthEnable",
        AuthEnableRequest.parser(),
        request -> new AuthCommand.Enable(),
        header -> AuthEnableResponse.newBuilder().setHeader(header).build());
    command(
        methods,
        "AuthDisable",
        AuthDisableRequest.parser(),
        request -> new AuthCommand.Disable(),
        header -> AuthDisableResponse.newBuilder().setHeader(header).build());
    add(
        methods,
        "AuthStatus",
        AuthStatusRequest.parser(),
        (caller, request) ->
            Answer.map(
                accounts.status(),
                state ->
                    AuthStatusResponse.newBuilder()
                        .setHeader(header())
                        .setEnabled(state.enabled())
                        .setAuthRevision(state.revision())
                        .build()));
    add(
        methods,
        "Authenticate",
        AuthenticateRequest.parser(),
        (caller, request) ->
            Answer.map(
                login.with(caller, request.getName(), request.getPassword()),
                token ->
                    AuthenticateResponse.newBuilder().setHeader(header()).setToken(token).build()));
  }

  // --- users ---

  private void registerUsers(RpcMethods methods) {
    add(methods, "UserAdd", AuthUserAddRequest.parser(), this::addUser);
    add(methods, "UserGet", AuthUserGetRequest.parser(), this::user);
    add(methods, "UserList", AuthUserListRequest.parser(), this::users);
    add(
        methods,
        "UserChangePassword",
        AuthUserChangePasswordRequest.parser(),
        this::changePassword);
    command(
        methods,
        "UserDelete",
        AuthUserDeleteRequest.parser(),
        request -> new AuthCommand.DeleteUser(request.getName()),
        header -> AuthUserDeleteResponse.newBuilder().setHeader(header).build());
    command(
        methods,
        "UserGrantRole",
        AuthUserGrantRoleRequest.parser(),
        request -> new AuthCommand.GrantRole(request.getUser(), request.getRole()),
        header -> AuthUserGrantRoleResponse.newBuilder().setHeader(header).build());
    command(
        methods,
        "UserRevokeRole",
        AuthUserRevokeRoleRequest.parser(),
        request -> new AuthCommand.RevokeRole(request.getName(), request.getRole()),
        header -> AuthUserRevokeRoleResponse.newBuilder().setHeader(header).build());
  }

  private CompletableFuture<Answer<AuthUserAddResponse>> addUser(
      Caller caller, AuthUserAddRequest request) {
    var password = new Password(request.getPassword(), request.getHashedPassword());
    boolean noPassword = request.getOptions().getNoPassword();
    return Answer.map(
        accounts.addUser(caller, request.getName(), password, noPassword),
        state -> AuthUserAddResponse.newBuilder().setHeader(header()).build());
  }

  private CompletableFuture<Answer<AuthUserChangePasswordResponse>> changePassword(
      Caller caller, AuthUserChangePasswordRequest request) {
    var password = new Password(request.getPassword(), request.getHashedPassword());
    return Answer.map(
        accounts.changePassword(caller, request.getName(), password),
        state -> AuthUserChangePasswordResponse.newBuilder().setHeader(header()).build());
  }

  private CompletableFuture<Answer<AuthUserGetResponse>> user(
      Caller caller, AuthUserGetRequest request) {
    return Answer.map(
        accounts.user(caller, request.getName()),
        roles -> AuthUserGetResponse.newBuilder().setHeader(header()).addAllRoles(roles).build());
  }

  private CompletableFuture<Answer<AuthUserListResponse>> users(
      Caller caller, AuthUserListRequest request) {
    return Answer.map(
        accounts.users(caller),
        names -> AuthUserListResponse.newBuilder().setHeader(header()).addAllUsers(names).build());
  }

  // --- roles ---

  private void registerRoles(RpcMethods methods) {
    add(methods, "RoleGet", AuthRoleGetRequest.parser(), this::role);
    add(methods, "RoleList", AuthRoleListRequest.parser(), this::roles);
    add(methods, "RoleGrantPermission", AuthRoleGrantPermissionRequest.parser(), this::grant);
    command(
        methods,
        "RoleAdd",
        AuthRoleAddRequest.parser(),
        request -> new AuthCommand.AddRole(request.getName()),
        header -> AuthRoleAddResponse.newBuilder().setHeader(header).build());
    command(
        methods,
        "RoleDelete",
        AuthRoleDeleteRequest.parser(),
        request -> new AuthCommand.DeleteRole(request.getRole()),
        header -> AuthRoleDeleteResponse.newBuilder().setHeader(header).build());
    command(
        methods,
        "RoleRevokePermission",
        AuthRoleRevokePermissionRequest.parser(),
        request ->
            new AuthCommand.RevokePermission(
                request.getRole(), bytes(request.getKey()), bytes(request.getRangeEnd())),
        header -> AuthRoleRevokePermissionResponse.newBuilder().setHeader(header).build());
  }

  private CompletableFuture<Answer<AuthRoleGrantPermissionResponse>> grant(
      Caller caller, AuthRoleGrantPermissionRequest request) {
    if (!request.hasPerm()) {
      return Answer.now(new Answer.Refused<>(new Refusal.Accounts(Reason.PERMISSION_NOT_GIVEN)));
    }
    var perm = request.getPerm();
    var permission =
        new AuthCommand.Permission(
            perm.getPermTypeValue(), bytes(perm.getKey()), bytes(perm.getRangeEnd()));
    return Answer.map(
        accounts.change(caller, new AuthCommand.GrantPermission(request.getName(), permission)),
        state -> AuthRoleGrantPermissionResponse.newBuilder().setHeader(header()).build());
  }

  private CompletableFuture<Answer<AuthRoleGetResponse>> role(
      Caller caller, AuthRoleGetRequest request) {
    return Answer.map(
        accounts.role(caller, request.getRole()),
        granted ->
            AuthRoleGetResponse.newBuilder()
                .setHeader(header())
                .addAllPerm(permissions(granted))
                .build());
  }

  private static List<Permission> permissions(List<AuthCommand.Permission> permissions) {
    return permissions.stream()
        .map(
            permission ->
                Permission.newBuilder()
                    .setPermTypeValue(permission.type())
                    .setKey(ByteString.copyFrom(permission.key().toArray()))
                    .setRangeEnd(ByteString.copyFrom(permission.rangeEnd().toArray()))
                    .build())
        .toList();
  }

  private CompletableFuture<Answer<AuthRoleListResponse>> roles(
      Caller caller, AuthRoleListRequest request) {
    return Answer.map(
        accounts.roles(caller),
        names -> AuthRoleListResponse.newBuilder().setHeader(header()).addAllRoles(names).build());
  }

  private static Bytes bytes(ByteString bytes) {
    return Bytes.wrap(bytes.toByteArray());
  }
}
