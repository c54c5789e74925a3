// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.apply;

import io.kvorum.base.Bytes;
import io.kvorum.base.MemberId;
import io.kvorum.raft.ConfState;
import io.kvorum.raft.LogPosition;
import io.kvorum.raft.RaftWire;
import io.kvorum.server.storage.engine.Batch;
import io.kvorum.server.storage.engine.Engine;
import io.kvorum.server.storage.engine.Table;
import io.kvorum.server.storage.engine.View;
import io.kvorum.server.storage.snapshot.DatabaseExport;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The {@code meta} table: whose store this is and which log position it reflects. The position goes
 * into the same batch as the state it stands for, always (docs/architecture.md, law 2).
 */
public final class StoreMeta {

  public static final Table TABLE = new Table("meta");

  /** Grows when the records change their form. */
  private static final long FORMAT = 1;

  private static final Bytes FORMAT_KEY = Bytes.utf8("store_format");
  private static final Bytes MEMBER_KEY = Bytes.utf8("member_id");
  private static final Bytes CLUSTER_KEY = Bytes.utf8("cluster_id");
  private static final Bytes POSITION_KEY = Bytes.utf8("position");
  private static final Bytes V3_INDEX_KEY = Bytes.utf8("v3_index");
  private static final Bytes INSTALLING_KEY = Bytes.utf8("installing");
  private static final Bytes CONFIGURATION_KEY = Bytes.utf8("conf_state");

  /** Whose store it is. */
  public record Owner(MemberId member, MemberId cluster) {}

  private StoreMeta() {}

  /** Empty for a new store. Throws {@link IllegalStateException} for one of an unknown format. */
  public static Optional<Owner> owner(Engine engine) {
    return engine
        .get(TABLE, FORMAT_KEY)
        .map(
            format -> {
              if (number(format) != FORMAT) {
                throw new IllegalStateException(
                    "store format " + number(format) + ": this version reads format " + FORMAT);
              }
              return new Owner(id(engine, MEMBER_KEY), id(engine, CLUSTER_KEY));
            });
  }

  public static void putOwner(Owner owner, Batch batch) {
    batch
        .put(TABLE, FORMAT_KEY, number(FORMAT))
        .put(TABLE, MEMBER_KEY, number(owner.member().value()))
        .put(TABLE, CLUSTER_KEY, number(owner.cluster().value()));
  }

  /** The position the store reflects; zero for a new one. */
  public static LogPosition position(View engine) {
    return engine
        .get(TABLE, POSITION_KEY)
        .map(
            value -> {
              ByteBuffer numbers = value.asByteBuffer();
              return new LogPosition(numbers.getLong(), numbers.getLong());
            })
        .orElse(LogPosition.ZERO);
  }

  static void putPosition(LogPosition position, Batch batch) {
    ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES);
    numbers.putLong(position.term()).putLong(position.index());
    batch.put(TABLE, POSITION_KEY, Bytes.wrap(numbers.array()));
  }

  /** Who took part at that position. */
  public static ConfState configuration(View engine) {
    return engine
        .get(TABLE, CONFIGURATION_KEY)
        .map(RaftWire::decodeConfState)
        .orElse(ConfState.EMPTY);
  }

  static void putConfiguration(ConfState confState, Batch batch) {
    batch.put(TABLE, CONFIGURATION_KEY, RaftWire.encode(confState));
  }

  /**
   * The stores of the v3 API reflect the log up to here already, because they came from a genuine
   * member's database that was further than the snapshot beside it; 0 in every other case.
   */
  public static long v3Index(View engine) {
    return engine.get(TABLE, V3_INDEX_KEY).map(StoreMeta::number).orElse(0L);
  }

  static void putV3Index(long index, Batch batch) {
    batch.put(TABLE, V3_INDEX_KEY, number(index));
  }

  static void deleteV3Index(Batch batch) {
    batch.delete(TABLE, V3_INDEX_KEY);
  }

  /**
   * Whether the installation of a snapshot was cut short: what the store holds besides this table
   * is nobody's state, and the snapshot must be installed again.
   */
  public static boolean isInstalling(View engine) {
    return engine.get(TABLE, INSTALLING_KEY).isPresent();
  }

  static void beginInstalling(LogPosition snapshot, Batch batch) {
    batch.put(TABLE, INSTALLING_KEY, number(snapshot.index()));
  }

  static void endInstalling(Batch batch) {
    batch.delete(TABLE, INSTALLING_KEY);
  }

  /** What a database file of this store says about the log. */
  public static DatabaseExport.Position reflected(View engine) {
    return new DatabaseExport.Position(position(engine), configuration(engine), v3Index(engine));
  }

  private static MemberId id(Engine engine, Bytes key) {
    return new MemberId(
        engine
            .get(TABLE, key)
            .map(StoreMeta::number)
            .orElseThrow(() -> new IllegalStateException("store meta: no " + key)));
  }

  private static Bytes number(long value) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static long number(Bytes value) {
    return value.asByteBuffer().getLong();
  }
}
