// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.v3;

import io.kvorum.server.transport.net.RpcCode;
import io.kvorum.server.transport.net.RpcFault;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What clients of the v3 API are told when a call fails: codes and texts of etcd 3.7. Clients
 * compare the texts.
 */
enum V3Error {
  EMPTY_KEY(RpcCode.INVALID_ARGUMENT, "etcdserver: key is not provided"),
  KEY_NOT_FOUND(RpcCode.INVALID_ARGUMENT, "etcdserver: key not found"),
  VALUE_PROVIDED(RpcCode.INVALID_ARGUMENT, "etcdserver: value is provided"),
  LEASE_PROVIDED(RpcCode.INVALID_ARGUMENT, "etcdserver: lease is provided"),
  TOO_MANY_OPERATIONS(RpcCode.INVALID_ARGUMENT, "etcdserver: too many operations in txn request"),
  DUPLICATE_KEY(RpcCode.INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request"),
  INVALID_CLIENT_API_VERSION(RpcCode.INVALID_ARGUMENT, "etcdserver: invalid client api version"),
  INVALID_SORT_OPTION(RpcCode.INVALID_ARGUMENT, "etcdserver: invalid sort option"),
  COMPACTED(RpcCode.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"),
  FUTURE_REVISION(RpcCode.OUT_OF_RANGE, "etcdserver: mvcc: required revision is a future revision"),
  NO_SPACE(RpcCode.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded"),
  LEASE_NOT_FOUND(RpcCode.NOT_FOUND, "etcdserver: requested lease not found"),
  LEASE_EXISTS(RpcCode.FAILED_PRECONDITION, "etcdserver: lease already exists"),
  LEASE_TTL_TOO_LARGE(RpcCode.OUT_OF_RANGE, "etcdserver: too large lease TTL"),
  WATCH_CANCELED(RpcCode.CANCELLED, "etcdserver: watch canceled"),
  MEMBER_EXISTS(RpcCode.FAILED_PRECONDITION, "etcdserver: member ID already exist"),
  PEER_URL_EXISTS(RpcCode.FAILED_PRECONDITION, "etcdserver: Peer URLs already exists"),
  NOT_ENOUGH_STARTED(
      RpcCode.FAILED_PRECONDITION,
      "etcdserver: re-configuration failed due to not enough started members"),
  BAD_MEMBER_URLS(RpcCode.INVALID_ARGUMENT, "etcdserver: given member URLs are invalid"),
  MEMBER_NOT_FOUND(RpcCode.NOT_FOUND, "etcdserver: member not found"),
  NOT_A_LEARNER(RpcCode.FAILED_PRECONDITION, "etcdserver: can only promote a learner member"),
  LEARNER_NOT_READY(
      RpcCode.FAILED_PRECONDITION,
      "etcdserver: can only promote a learner member which is in sync with leader"),
  TOO_MANY_LEARNERS(RpcCode.FAILED_PRECONDITION, "etcdserver: too many learner members in cluster"),
  CLUSTER_MISMATCH(RpcCode.FAILED_PRECONDITION, "etcdserver: cluster ID mismatch"),
  REQUEST_TOO_LARGE(RpcCode.INVALID_ARGUMENT, "etcdserver: request is too large"),
  TOO_MANY_REQUESTS(RpcCode.RESOURCE_EXHAUSTED, "etcdserver: too many requests"),
  ROOT_USER_MISSING(RpcCode.FAILED_PRECONDITION, "etcdserver: root user does not exist"),
  ROOT_ROLE_MISSING(RpcCode.FAILED_PRECONDITION, "etcdserver: root user does not have root role"),
  USER_EXISTS(RpcCode.FAILED_PRECONDITION, "etcdserver: user name already exists"),
  USER_EMPTY(RpcCode.INVALID_ARGUMENT, "etcdserver: user name is empty"),
  USER_NOT_FOUND(RpcCode.FAILED_PRECONDITION, "etcdserver: user name not found"),
  ROLE_EXISTS(RpcCode.FAILED_PRECONDITION, "etcdserver: role name already exists"),
  ROLE_NOT_FOUND(RpcCode.FAILED_PRECONDITION, "etcdserver: role name not found"),
  ROLE_EMPTY(RpcCode.INVALID_ARGUMENT, "etcdserver: role name is empty"),
  AUTHENTICATION_FAILED(
      RpcCode.INVALID_ARGUMENT, "etcdserver: authentication failed, invalid user ID or password"),
  NO_PASSWORD_USER(
      RpcCode.UNKNOWN, "auth: authentication failed, password was given for no password user"),
  TOKEN_KEY_MISSING(RpcCode.UNKNOWN, "auth: token signing attempted with verify-only key"),
  PERMISSION_NOT_GIVEN(RpcCode.INVALID_ARGUMENT, "etcdserver: permission not given"),
  PERMISSION_DENIED(RpcCode.PERMISSION_DENIED, "etcdserver: permission denied"),
  ROLE_NOT_GRANTED(RpcCode.FAILED_PRECONDITION, "etcdserver: role is not granted to the user"),
  PERMISSION_NOT_GRANTED(
      RpcCode.FAILED_PRECONDITION, "etcdserver: permission is not granted to the role"),
  AUTH_NOT_ENABLED(RpcCode.FAILED_PRECONDITION, "etcdserver: authentication is not enabled"),
  INVALID_TOKEN(RpcCode.UNAUTHENTICATED, "etcdserver: invalid auth token"),
  INVALID_AUTH_MANAGEMENT(RpcCode.INVALID_ARGUMENT, "etcdserver: invalid auth management"),
  AUTH_REVISION_OLD(RpcCode.INVALID_ARGUMENT, "etcdserver: revision of auth store is old"),
  NO_LEADER(RpcCode.UNAVAILABLE, "etcdserver: no leader"),
  NOT_LEADER(RpcCode.FAILED_PRECONDITION, "etcdserver: not leader"),
  LEADER_CHANGED(RpcCode.UNAVAILABLE, "etcdserver: leader changed"),
  NOT_CAPABLE(RpcCode.FAILED_PRECONDITION, "etcdserver: not capable"),
  STOPPED(RpcCode.UNAVAILABLE, "etcdserver: server stopped"),
  TIMEOUT(RpcCode.UNAVAILABLE, "etcdserver: request timed out"),
  TIMEOUT_LEADER_FAILED(
      RpcCode.UNAVAILABLE,
      "etcdserver: request timed out, possibly due to previous leader failure"),
  TIMEOUT_CONNECTION_LOST(
      RpcCode.UNAVAILABLE, "etcdserver: request timed out, possibly due to connection lost"),
  TIMEOUT_APPLIED_INDEX(
      RpcCode.UNAVAILABLE,
      "etcdserver: request timed out, waiting for the applied index took too long"),
  UNHEALTHY(RpcCode.UNAVAILABLE, "etcdserver: unhealthy cluster"),
  CORRUPT(RpcCode.DATA_LOSS, "etcdserver: corrupt cluster"),
  NOT_FOR_LEARNERS(RpcCode.FAILED_PRECONDITION, "etcdserver: rpc not supported for learner"),
  BAD_TRANSFEREE(RpcCode.FAILED_PRECONDITION, "etcdserver: bad leader transferee"),
  DOWNGRADE_VERSION_FORMAT(
      RpcCode.INVALID_ARGUMENT, "etcdserver: wrong downgrade target version format"),
  DOWNGRADE_VERSION(RpcCode.INVALID_ARGUMENT, "etcdserver: invalid downgrade target version"),
  CLUSTER_VERSION_MISSING(
      RpcCode.FAILED_PRECONDITION, "etcdserver: cluster version not found during downgrade"),
  DOWNGRADE_RUNNING(
      RpcCode.FAILED_PRECONDITION, "etcdserver: cluster has a downgrade job in progress"),
  NO_DOWNGRADE(RpcCode.FAILED_PRECONDITION, "etcdserver: no inflight downgrade job"),
  CANCELED(RpcCode.CANCELLED, "etcdserver: request canceled"),
  DEADLINE_EXCEEDED(RpcCode.DEADLINE_EXCEEDED, "etcdserver: context deadline exceeded");

  private static final Map<String, V3Error> BY_TEXT = new HashMap<>();

  static {
    for (var error : values()) {
      BY_TEXT.put(error.fault.text(), error);
    }
  }

  private final RpcFault fault;

  V3Error(RpcCode code, String text) {
    this.fault = new RpcFault(code, text);
  }

  RpcFault fault() {
    return fault;
  }

  /** The error with this text. */
  static Optional<V3Error> of(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }
}
