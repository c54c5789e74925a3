// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.client;

/**
 * One method of the API.
 *
 * @param path as gRPC calls it
 * @param answer the name of the answer's shape
 * @param repeatable whether asking another member again, after an unknown fate, can do no harm
 */
public record Rpc(String path, String answer, boolean repeatable) {

  public static final Rpc RANGE = read("KV/Range", "RangeResponse");
  public static final Rpc RANGE_STREAM = read("KV/RangeStream", "RangeStreamResponse");
  public static final Rpc PUT = write("KV/Put", "PutResponse");
  public static final Rpc DELETE_RANGE = write("KV/DeleteRange", "DeleteRangeResponse");
  public static final Rpc TXN = write("KV/Txn", "TxnResponse");
  public static final Rpc COMPACT = write("KV/Compact", "CompactionResponse");
  public static final Rpc WATCH = read("Watch/Watch", "WatchResponse");
  public static final Rpc LEASE_GRANT = write("Lease/LeaseGrant", "LeaseGrantResponse");
  public static final Rpc LEASE_REVOKE = write("Lease/LeaseRevoke", "LeaseRevokeResponse");
  public static final Rpc LEASE_KEEP_ALIVE = read("Lease/LeaseKeepAlive", "LeaseKeepAliveResponse");
  public static final Rpc LEASE_TIME_TO_LIVE =
      read("Lease/LeaseTimeToLive", "LeaseTimeToLiveResponse");
  public static final Rpc LEASE_LEASES = read("Lease/LeaseLeases", "LeaseLeasesResponse");
  public static final Rpc MEMBER_ADD = write("Cluster/MemberAdd", "MemberAddResponse");
  public static final Rpc MEMBER_REMOVE = write("Cluster/MemberRemove", "MemberListResponse");
  public static final Rpc MEMBER_UPDATE = write("Cluster/MemberUpdate", "MemberListResponse");
  public static final Rpc MEMBER_LIST = read("Cluster/MemberList", "MemberListResponse");
  public static final Rpc MEMBER_PROMOTE = write("Cluster/MemberPromote", "MemberListResponse");
  public static final Rpc ALARM = write("Maintenance/Alarm", "AlarmResponse");
  public static final Rpc STATUS = read("Maintenance/Status", "StatusResponse");
  public static final Rpc DEFRAGMENT = write("Maintenance/Defragment", "DefragmentResponse");
  public static final Rpc HASH_KV = read("Maintenance/HashKV", "HashKVResponse");
  public static final Rpc SNAPSHOT = read("Maintenance/Snapshot", "SnapshotResponse");
  public static final Rpc MOVE_LEADER = write("Maintenance/MoveLeader", "MoveLeaderResponse");
  public static final Rpc DOWNGRADE = write("Maintenance/Downgrade", "DowngradeResponse");
  public static final Rpc AUTH_ENABLE = write("Auth/AuthEnable", "AuthEnableResponse");
  public static final Rpc AUTH_DISABLE = write("Auth/AuthDisable", "AuthDisableResponse");
  public static final Rpc AUTH_STATUS = read("Auth/AuthStatus", "AuthStatusResponse");
  public static final Rpc AUTHENTICATE = read("Auth/Authenticate", "AuthenticateResponse");
  public static final Rpc USER_ADD = write("Auth/UserAdd", "AuthUserAddResponse");
  public static final Rpc USER_GET = read("Auth/UserGet", "AuthUserGetResponse");
  public static final Rpc USER_LIST = read("Auth/UserList", "AuthUserListResponse");
  public static final Rpc USER_DELETE = write("Auth/UserDelete", "AuthUserDeleteResponse");
  public static final Rpc USER_CHANGE_PASSWORD =
      write("Auth/UserChangePassword", "AuthUserChangePasswordResponse");
  public static final Rpc USER_GRANT_ROLE =
      write("Auth/UserGrantRole", "AuthUserGrantRoleResponse");
  public static final Rpc USER_REVOKE_ROLE =
      write("Auth/UserRevokeRole", "AuthUserRevokeRoleResponse");
  public static final Rpc ROLE_ADD = write("Auth/RoleAdd", "AuthRoleAddResponse");
  public static final Rpc ROLE_GET = read("Auth/RoleGet", "AuthRoleGetResponse");
  public static final Rpc ROLE_LIST = read("Auth/RoleList", "AuthRoleListResponse");
  public static final Rpc ROLE_DELETE = write("Auth/RoleDelete", "AuthRoleDeleteResponse");
  public static final Rpc ROLE_GRANT_PERMISSION =
      write("Auth/RoleGrantPermission", "AuthRoleGrantPermissionResponse");
  public static final Rpc ROLE_REVOKE_PERMISSION =
      write("Auth/RoleRevokePermission", "AuthRoleRevokePermissionResponse");

  private static Rpc read(String method, String answer) {
    return new Rpc("/etcdserverpb." + method, answer, true);
  }

  private static Rpc write(String method, String answer) {
    return new Rpc("/etcdserverpb." + method, answer, false);
  }
}
