// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.transport.gateway;

import com.google.protobuf.Message;
import io.kvorum.api.etcdserverpb.AlarmRequest;
import io.kvorum.api.etcdserverpb.AlarmResponse;
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
import io.kvorum.api.etcdserverpb.CompactionRequest;
import io.kvorum.api.etcdserverpb.CompactionResponse;
import io.kvorum.api.etcdserverpb.DefragmentRequest;
import io.kvorum.api.etcdserverpb.DefragmentResponse;
import io.kvorum.api.etcdserverpb.DeleteRangeRequest;
import io.kvorum.api.etcdserverpb.DeleteRangeResponse;
import io.kvorum.api.etcdserverpb.DowngradeRequest;
import io.kvorum.api.etcdserverpb.DowngradeResponse;
import io.kvorum.api.etcdserverpb.HashKVRequest;
import io.kvorum.api.etcdserverpb.HashKVResponse;
import io.kvorum.api.etcdserverpb.HashRequest;
import io.kvorum.api.etcdserverpb.HashResponse;
import io.kvorum.api.etcdserverpb.LeaseGrantRequest;
import io.kvorum.api.etcdserverpb.LeaseGrantResponse;
import io.kvorum.api.etcdserverpb.LeaseKeepAliveRequest;
import io.kvorum.api.etcdserverpb.LeaseKeepAliveResponse;
import io.kvorum.api.etcdserverpb.LeaseLeasesRequest;
import io.kvorum.api.etcdserverpb.LeaseLeasesResponse;
import io.kvorum.api.etcdserverpb.LeaseRevokeRequest;
import io.kvorum.api.etcdserverpb.LeaseRevokeResponse;
import io.kvorum.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.kvorum.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.kvorum.api.etcdserverpb.MemberAddRequest;
import io.kvorum.api.etcdserverpb.MemberAddResponse;
import io.kvorum.api.etcdserverpb.MemberListRequest;
import io.kvorum.api.etcdserverpb.MemberListResponse;
import io.kvorum.api.etcdserverpb.MemberPromoteRequest;
import io.kvorum.api.etcdserverpb.MemberPromoteResponse;
import io.kvorum.api.etcdserverpb.MemberRemoveRequest;
import io.kvorum.api.etcdserverpb.MemberRemoveResponse;
import io.kvorum.api.etcdserverpb.MemberUpdateRequest;
import io.kvorum.api.etcdserverpb.MemberUpdateResponse;
import io.kvorum.api.etcdserverpb.MoveLeaderRequest;
import io.kvorum.api.etcdserverpb.MoveLeaderResponse;
import io.kvorum.api.etcdserverpb.PutRequest;
import io.kvorum.api.etcdserverpb.PutResponse;
import io.kvorum.api.etcdserverpb.RangeRequest;
import io.kvorum.api.etcdserverpb.RangeResponse;
import io.kvorum.api.etcdserverpb.SnapshotRequest;
import io.kvorum.api.etcdserverpb.SnapshotResponse;
import io.kvorum.api.etcdserverpb.StatusRequest;
import io.kvorum.api.etcdserverpb.StatusResponse;
import io.kvorum.api.etcdserverpb.TxnRequest;
import io.kvorum.api.etcdserverpb.TxnResponse;
import io.kvorum.api.etcdserverpb.WatchRequest;
import io.kvorum.api.etcdserverpb.WatchResponse;
import io.kvorum.api.v3electionpb.CampaignRequest;
import io.kvorum.api.v3electionpb.CampaignResponse;
import io.kvorum.api.v3electionpb.LeaderRequest;
import io.kvorum.api.v3electionpb.LeaderResponse;
import io.kvorum.api.v3electionpb.ProclaimRequest;
import io.kvorum.api.v3electionpb.ProclaimResponse;
import io.kvorum.api.v3electionpb.ResignRequest;
import io.kvorum.api.v3electionpb.ResignResponse;
import io.kvorum.api.v3lockpb.LockRequest;
import io.kvorum.api.v3lockpb.LockResponse;
import io.kvorum.api.v3lockpb.UnlockRequest;
import io.kvorum.api.v3lockpb.UnlockResponse;
import java.util.ArrayList;
import java.util.List;

/** Which route leads to which method, as in etcd's gateway. */
final class RouteTable {
  private static final List<Route> ROUTES = new ArrayList<>();

  static {
    unary(
        "kv/range",
        "/etcdserverpb.KV/Range",
        RangeRequest.getDefaultInstance(),
        RangeResponse.getDefaultInstance());
    unary(
        "kv/put",
        "/etcdserverpb.KV/Put",
        PutRequest.getDefaultInstance(),
        PutResponse.getDefaultInstance());
    unary(
        "kv/deleterange",
        "/etcdserverpb.KV/DeleteRange",
        DeleteRangeRequest.getDefaultInstance(),
        DeleteRangeResponse.getDefaultInstance());
    unary(
        "kv/txn",
        "/etcdserverpb.KV/Txn",
        TxnRequest.getDefaultInstance(),
        TxnResponse.getDefaultInstance());
    unary(
        "kv/compaction",
        "/etcdserverpb.KV/Compact",
        CompactionRequest.getDefaultInstance(),
        CompactionResponse.getDefaultInstance());
    both(
        "watch",
        "/etcdserverpb.Watch/Watch",
        WatchRequest.getDefaultInstance(),
        WatchResponse.getDefaultInstance());
    unary(
        "lease/grant",
        "/etcdserverpb.Lease/LeaseGrant",
        LeaseGrantRequest.getDefaultInstance(),
        LeaseGrantResponse.getDefaultInstance());
    unary(
        "lease/revoke",
        "/etcdserverpb.Lease/LeaseRevoke",
        LeaseRevokeRequest.getDefaultInstance(),
        LeaseRevokeResponse.getDefaultInstance());
    unary(
        "lease/timetolive",
        "/etcdserverpb.Lease/LeaseTimeToLive",
        LeaseTimeToLiveRequest.getDefaultInstance(),
        LeaseTimeToLiveResponse.getDefaultInstance());
    unary(
        "lease/leases",
        "/etcdserverpb.Lease/LeaseLeases",
        LeaseLeasesRequest.getDefaultInstance(),
        LeaseLeasesResponse.getDefaultInstance());
    unary(
        "kv/lease/revoke",
        "/etcdserverpb.Lease/LeaseRevoke",
        LeaseRevokeRequest.getDefaultInstance(),
        LeaseRevokeResponse.getDefaultInstance());
    unary(
        "kv/lease/timetolive",
        "/etcdserverpb.Lease/LeaseTimeToLive",
        LeaseTimeToLiveRequest.getDefaultInstance(),
        LeaseTimeToLiveResponse.getDefaultInstance());
    unary(
        "kv/lease/leases",
        "/etcdserverpb.Lease/LeaseLeases",
        LeaseLeasesRequest.getDefaultInstance(),
        LeaseLeasesResponse.getDefaultInstance());
    both(
        "lease/keepalive",
        "/etcdserverpb.Lease/LeaseKeepAlive",
        LeaseKeepAliveRequest.getDefaultInstance(),
        LeaseKeepAliveResponse.getDefaultInstance());
    unary(
        "cluster/member/add",
        "/etcdserverpb.Cluster/MemberAdd",
        MemberAddRequest.getDefaultInstance(),
        MemberAddResponse.getDefaultInstance());
    unary(
        "cluster/member/remove",
        "/etcdserverpb.Cluster/MemberRemove",
        MemberRemoveRequest.getDefaultInstance(),
        MemberRemoveResponse.getDefaultInstance());
    unary(
        "cluster/member/update",
        "/etcdserverpb.Cluster/MemberUpdate",
        MemberUpdateRequest.getDefaultInstance(),
        MemberUpdateResponse.getDefaultInstance());
    unary(
        "cluster/member/list",
        "/etcdserverpb.Cluster/MemberList",
        MemberListRequest.getDefaultInstance(),
        MemberListResponse.getDefaultInstance());
    unary(
        "cluster/member/promote",
        "/etcdserverpb.Cluster/MemberPromote",
        MemberPromoteRequest.getDefaultInstance(),
        MemberPromoteResponse.getDefaultInstance());
    unary(
        "maintenance/alarm",
        "/etcdserverpb.Maintenance/Alarm",
        AlarmRequest.getDefaultInstance(),
        AlarmResponse.getDefaultInstance());
    unary(
        "maintenance/status",
        "/etcdserverpb.Maintenance/Status",
        StatusRequest.getDefaultInstance(),
        StatusResponse.getDefaultInstance());
    unary(
        "maintenance/defragment",
        "/etcdserverpb.Maintenance/Defragment",
        DefragmentRequest.getDefaultInstance(),
        DefragmentResponse.getDefaultInstance());
    unary(
        "maintenance/hash",
        "/etcdserverpb.Maintenance/Hash",
        HashRequest.getDefaultInstance(),
        HashResponse.getDefaultInstance());
    unary(
        "maintenance/hashkv",
        "/etcdserverpb.Maintenance/HashKV",
        HashKVRequest.getDefaultInstance(),
        HashKVResponse.getDefaultInstance());
    streaming(
        "maintenance/snapshot",
        "/etcdserverpb.Maintenance/Snapshot",
        SnapshotRequest.getDefaultInstance(),
        SnapshotResponse.getDefaultInstance());
    unary(
        "maintenance/transfer-leadership",
        "/etcdserverpb.Maintenance/MoveLeader",
        MoveLeaderRequest.getDefaultInstance(),
        MoveLeaderResponse.getDefaultInstance());
    unary(
        "maintenance/downgrade",
        "/etcdserverpb.Maintenance/Downgrade",
        DowngradeRequest.getDefaultInstance(),
        DowngradeResponse.getDefaultInstance());
    unary(
        "auth/enable",
        "/etcdserverpb.Auth/AuthEnable",
        AuthEnableRequest.getDefaultInstance(),
        AuthEnableResponse.getDefaultInstance());
    unary(
        "auth/disable",
        "/etcdserverpb.Auth/AuthDisable",
        AuthDisableRequest.getDefaultInstance(),
        AuthDisableResponse.getDefaultInstance());
    unary(
        "auth/status",
        "/etcdserverpb.Auth/AuthStatus",
        AuthStatusRequest.getDefaultInstance(),
        AuthStatusResponse.getDefaultInstance());
    unary(
        "auth/authenticate",
        "/etcdserverpb.Auth/Authenticate",
        AuthenticateRequest.getDefaultInstance(),
        AuthenticateResponse.getDefaultInstance());
    unary(
        "auth/user/add",
        "/etcdserverpb.Auth/UserAdd",
        AuthUserAddRequest.getDefaultInstance(),
        AuthUserAddResponse.getDefaultInstance());
    unary(
        "auth/user/get",
        "/etcdserverpb.Auth/UserGet",
        AuthUserGetRequest.getDefaultInstance(),
        AuthUserGetResponse.getDefaultInstance());
    unary(
        "auth/user/list",
        "/etcdserverpb.Auth/UserList",
        AuthUserListRequest.getDefaultInstance(),
        AuthUserListResponse.getDefaultInstance());
    unary(
        "auth/user/delete",
        "/etcdserverpb.Auth/UserDelete",
        AuthUserDeleteRequest.getDefaultInstance(),
        AuthUserDeleteResponse.getDefaultInstance());
    unary(
        "auth/user/changepw",
        "/etcdserverpb.Auth/UserChangePassword",
        AuthUserChangePasswordRequest.getDefaultInstance(),
        AuthUserChangePasswordResponse.getDefaultInstance());
    unary(
        "auth/user/grant",
        "/etcdserverpb.Auth/UserGrantRole",
        AuthUserGrantRoleRequest.getDefaultInstance(),
        AuthUserGrantRoleResponse.getDefaultInstance());
    unary(
        "auth/user/revoke",
        "/etcdserverpb.Auth/UserRevokeRole",
        AuthUserRevokeRoleRequest.getDefaultInstance(),
        AuthUserRevokeRoleResponse.getDefaultInstance());
    unary(
        "auth/role/add",
        "/etcdserverpb.Auth/RoleAdd",
        AuthRoleAddRequest.getDefaultInstance(),
        AuthRoleAddResponse.getDefaultInstance());
    unary(
        "auth/role/get",
        "/etcdserverpb.Auth/RoleGet",
        AuthRoleGetRequest.getDefaultInstance(),
        AuthRoleGetResponse.getDefaultInstance());
    unary(
        "auth/role/list",
        "/etcdserverpb.Auth/RoleList",
        AuthRoleListRequest.getDefaultInstance(),
        AuthRoleListResponse.getDefaultInstance());
    unary(
        "auth/role/delete",
        "/etcdserverpb.Auth/RoleDelete",
        AuthRoleDeleteRequest.getDefaultInstance(),
        AuthRoleDeleteResponse.getDefaultInstance());
    unary(
        "auth/role/grant",
        "/etcdserverpb.Auth/RoleGrantPermission",
        AuthRoleGrantPermissionRequest.getDefaultInstance(),
        AuthRoleGrantPermissionResponse.getDefaultInstance());
    unary(
        "auth/role/revoke",
        "/etcdserverpb.Auth/RoleRevokePermission",
        AuthRoleRevokePermissionRequest.getDefaultInstance(),
        AuthRoleRevokePermissionResponse.getDefaultInstance());
    unary(
        "lock/lock",
        "/v3lockpb.Lock/Lock",
        LockRequest.getDefaultInstance(),
        LockResponse.getDefaultInstance());
    unary(
        "lock/unlock",
        "/v3lockpb.Lock/Unlock",
        UnlockRequest.getDefaultInstance(),
        UnlockResponse.getDefaultInstance());
    unary(
        "election/campaign",
        "/v3electionpb.Election/Campaign",
        CampaignRequest.getDefaultInstance(),
        CampaignResponse.getDefaultInstance());
    unary(
        "election/proclaim",
        "/v3electionpb.Election/Proclaim",
        ProclaimRequest.getDefaultInstance(),
        ProclaimResponse.getDefaultInstance());
    unary(
        "election/leader",
        "/v3electionpb.Election/Leader",
        LeaderRequest.getDefaultInstance(),
        LeaderResponse.getDefaultInstance());
    streaming(
        "election/observe",
        "/v3electionpb.Election/Observe",
        LeaderRequest.getDefaultInstance(),
        LeaderResponse.getDefaultInstance());
    unary(
        "election/resign",
        "/v3electionpb.Election/Resign",
        ResignRequest.getDefaultInstance(),
        ResignResponse.getDefaultInstance());
  }

  private RouteTable() {}

  static List<Route> routes() {
    return List.copyOf(ROUTES);
  }

  private static void unary(String path, String method, Message request, Message response) {
    ROUTES.add(new Route(path, method, request, response, false, false));
  }

  private static void streaming(String path, String method, Message request, Message response) {
    ROUTES.add(new Route(path, method, request, response, false, true));
  }

  private static void both(String path, String method, Message request, Message response) {
    ROUTES.add(new Route(path, method, request, response, true, true));
  }
}
