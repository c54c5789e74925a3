// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.member;

import io.kvorum.base.Bytes;
import io.kvorum.base.GoJson;
import io.kvorum.base.JsonReader;
import io.kvorum.base.KeyRange;
import io.kvorum.base.MemberId;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Cursor;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The membership's records in the store: the bytes of etcd's own buckets. */
final class MemberTables {

  static final Table MEMBERS = new Table("members");
  static final Table REMOVED = new Table("members_removed");
  static final Table CLUSTER = new Table("cluster");
  static final List<Table> ALL = List.of(MEMBERS, REMOVED, CLUSTER);

  private static final Bytes VERSION_KEY = Bytes.utf8("clusterVersion");
  private static final Bytes DOWNGRADE_KEY = Bytes.utf8("downgrade");
  private static final Bytes REMOVED_MARK = Bytes.utf8("removed");

  private MemberTables() {}

  static Membership load(Engine engine, MemberId clusterId, MemberId localId) {
    TreeMap<MemberId, Member> members = new TreeMap<>();
    try (Cursor cursor = engine.scan(MEMBERS, KeyRange.ALL)) {
      while (cursor.next()) {
        Member member = WholeMember.read(new JsonReader(cursor.value()));
        members.put(member.id(), member);
      }
    }
    Set<MemberId> removed = new TreeSet<>();
    try (Cursor cursor = engine.scan(REMOVED, KeyRange.ALL)) {
      while (cursor.next()) {
        removed.add(MemberId.parseHex(cursor.key().utf8()));
      }
    }
    Optional<String> version = engine.get(CLUSTER, VERSION_KEY).map(Bytes::utf8);
    return new Membership(
        clusterId,
        localId,
        members,
        removed,
        version,
        engine.get(CLUSTER, DOWNGRADE_KEY).flatMap(MemberTables::readDowngrade));
  }

  static void put(Member member, Batch batch) {
    batch.put(MEMBERS, key(member.id()), WholeMember.bytes(member));
  }

  static void remove(MemberId id, Batch batch) {
    batch.delete(MEMBERS, key(id)).put(REMOVED, key(id), REMOVED_MARK);
  }

  static void putVersion(String version, Batch batch) {
    batch.put(CLUSTER, VERSION_KEY, Bytes.utf8(version));
  }

  static void putDowngrade(Optional<String> target, Batch batch) {
    GoJson json = new GoJson().beginObject();
    json.name("target-version").value(target.orElse(""));
    json.name("enabled").value(target.isPresent()).endObject();
    batch.put(CLUSTER, DOWNGRADE_KEY, json.toBytes());
  }

  private static Optional<String> readDowngrade(Bytes record) {
    JsonReader json = new JsonReader(record);
    String target = "";
    boolean enabled = false;
    json.beginObject();
    while (json.nextMember()) {
      switch (json.name()) {
        case "target-version" -> target = json.text();
        case "enabled" -> enabled = json.bool();
        default -> json.skip();
      }
    }
    return enabled ? Optional.of(target) : Optional.empty();
  }

  /** Replaces everything. */
  static void replace(Membership membership, Batch batch) {
    ALL.forEach(table -> batch.deleteRange(table, KeyRange.ALL));
    membership.removed().forEach(id -> batch.put(REMOVED, key(id), REMOVED_MARK));
    for (Map.Entry<MemberId, Member> entry : membership.members().entrySet()) {
      put(entry.getValue(), batch);
    }
    membership.clusterVersion().ifPresent(version -> putVersion(version, batch));
    if (membership.downgrade().isPresent()) {
      putDowngrade(membership.downgrade(), batch);
    }
  }

  private static Bytes key(MemberId id) {
    return Bytes.utf8(id.hex());
  }
}
