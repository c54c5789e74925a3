// SPDX-License-Identifier: Apache-2.0
package io.kvorum.ctl.v3.wire;

/** The messages that servers send, as far as etcdctl shows or reads them (etcd 3.7.1). */
final class Wire {

  private static final String HEADER = "header 1 ResponseHeader";

  private Wire() {}

  /** The fields of a message, see {@link Shape}. */
  static String fields(String message) {
    return switch (message) {
      case "ResponseHeader" -> "cluster_id 1 id,member_id 2 id,revision 3 int,raft_term 4 uint";
      case "KeyValue" ->
          "key 1 bytes,create_revision 2 int,mod_revision 3 int,version 4 int,value 5 bytes,lease 6"
              + " lease";
      case "Event" -> "type 1 int,kv 2 KeyValue,prev_kv 3 KeyValue";
      case "RangeResponse" -> HEADER + ",kvs 2 *KeyValue,more 3 bool,count 4 int";
      case "RangeStreamResponse" -> "range_response 1 RangeResponse";
      case "PutResponse" -> HEADER + ",prev_kv 2 KeyValue";
      case "DeleteRangeResponse" -> HEADER + ",deleted 2 int,prev_kvs 3 *KeyValue";
      case "ResponseOp" ->
          "response_range 1 RangeResponse,response_put 2 PutResponse,response_delete_range 3"
              + " DeleteRangeResponse,response_txn 4 TxnResponse";
      case "TxnResponse" -> HEADER + ",succeeded 2 bool,responses 3 *ResponseOp";
      case "WatchResponse" ->
          HEADER
              + ",watch_id 2 int,created 3 bool,canceled 4 bool,compact_revision 5"
              + " int,cancel_reason 6 string,fragment 7 bool,events 11 *Event";
      case "LeaseGrantResponse" -> HEADER + ",ID 2 lease,TTL 3 int,error 4 string";
      case "LeaseKeepAliveResponse" -> HEADER + ",ID 2 lease,TTL 3 int";
      case "LeaseTimeToLiveResponse" ->
          HEADER + ",ID 2 lease,TTL 3 int,grantedTTL 4 int,keys 5 *bytes";
      case "LeaseStatus" -> "ID 1 lease";
      case "LeaseLeasesResponse" -> HEADER + ",leases 2 *LeaseStatus";
      case "Member" ->
          "ID 1 id,name 2 string,peerURLs 3 *string,clientURLs 4 *string,isLearner 5 bool";
      case "MemberAddResponse" -> HEADER + ",member 2 Member,members 3 *Member";
      case "MemberListResponse" -> HEADER + ",members 2 *Member";
      case "AlarmMember" -> "memberID 1 id,alarm 2 int";
      case "AlarmResponse" -> HEADER + ",alarms 2 *AlarmMember";
      case "StatusResponse" ->
          HEADER
              + ",version 2 string,dbSize 3 int,leader 4 id,raftIndex 5 uint,raftTerm 6"
              + " uint,raftAppliedIndex 7 uint,errors 8 *string,dbSizeInUse 9 int,isLearner 10"
              + " bool,storageVersion 11 string,dbSizeQuota 12 int,downgradeInfo 13 DowngradeInfo";
      case "DowngradeInfo" -> "enabled 1 bool,targetVersion 2 string";
      case "HashKVResponse" -> HEADER + ",hash 2 uint,compact_revision 3 int,hash_revision 4 int";
      case "SnapshotResponse" -> HEADER + ",remaining_bytes 2 uint,blob 3 bytes,version 4 string";
      case "DowngradeResponse" -> HEADER + ",version 2 string";
      case "AuthStatusResponse" -> HEADER + ",enabled 2 bool,authRevision 3 uint";
      case "AuthenticateResponse" -> HEADER + ",token 2 string";
      case "AuthUserGetResponse" -> HEADER + ",roles 2 *string";
      case "AuthUserListResponse" -> HEADER + ",users 2 *string";
      case "AuthRoleListResponse" -> HEADER + ",roles 2 *string";
      case "Permission" -> "permType 1 int,key 2 bytes,range_end 3 bytes";
      case "AuthRoleGetResponse" -> HEADER + ",perm 2 *Permission";
      // Everything else has a header and nothing more.
      default -> HEADER;
    };
  }
}
