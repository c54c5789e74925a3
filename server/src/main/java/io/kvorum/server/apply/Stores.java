// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.base.MemberId;
import io.kvorum.server.alarm.AlarmStore;
import io.kvorum.server.auth.AuthStore;
import io.kvorum.server.lease.LeaseStore;
import io.kvorum.server.member.MemberRegistry;
import io.kvorum.server.mvcc.Keyspace;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.tree.TreeStore;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Everything the single writer writes: one engine, and the stores that live in it. */
public record Stores(
    Engine engine,
    TreeStore tree,
    MemberRegistry members,
    Keyspace keyspace,
    LeaseStore leases,
    AuthStore auth,
    AlarmStore alarms) {

  /** In seconds, for an election timeout of one. */
  private static final long LEASE_SECONDS_MIN = 2;

  /** The tables an engine must be opened with. */
  public static List<Table> tables() {
    Set<Table> tables = new LinkedHashSet<>(MemberRegistry.tables());
    tables.add(StoreMeta.TABLE);
    tables.add(TreeStore.TABLE);
    tables.addAll(Keyspace.tables());
    tables.addAll(LeaseStore.tables());
    tables.addAll(AuthStore.tables());
    tables.addAll(AlarmStore.tables());
    return List.copyOf(tables);
  }

  /** The stores of a member with etcd's default of an election timeout. */
  public static Stores open(Engine engine, MemberId clusterId, MemberId localId) {
    return open(engine, clusterId, localId, LEASE_SECONDS_MIN);
  }

  /**
   * Opens all of them.
   *
   * @param leaseSecondsMin the shortest time of a lease, equal on all members
   */
  public static Stores open(
      Engine engine, MemberId clusterId, MemberId localId, long leaseSecondsMin) {
    return new Stores(
        engine,
        TreeStore.open(engine),
        MemberRegistry.open(engine, clusterId, localId),
        Keyspace.open(engine),
        LeaseStore.open(engine, leaseSecondsMin),
        AuthStore.open(engine),
        AlarmStore.open(engine));
  }

  /** Lets readers see what the last batch holds, before anybody else takes part. */
  public void publishAll() {
    publish();
  }

  /** Lets readers see what the last batch holds; whether the membership changed. */
  boolean publish() {
    tree.publish();
    keyspace.publish();
    leases.publish();
    auth.publish();
    alarms.publish();
    return members.publish();
  }

  /** The engine now holds what was installed: the stores of the v3 API start over there. */
  void reload() {
    keyspace.reload();
    leases.reload();
    auth.reload();
    alarms.reload();
  }

  /** Lets go of the engine, which stays open. */
  public void close() {
    keyspace.close();
  }
}
