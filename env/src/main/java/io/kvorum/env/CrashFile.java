// SPDX-License-Identifier: Apache-2.0
package io.kvorum.env;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The content of a file on a {@link CrashDisk}: its sectors now, and for each sector touched since
 * the last sync every version it had. Guarded by the disk.
 */
final class CrashFile {

  static final int SECTOR = 512;

  private static final byte[] ZEROS = new byte[SECTOR];

  /** The sectors as programs see them; null is all zeros. */
  private final List<byte @Nullable []> sectors = new ArrayList<>();

  /** Per touched sector: the durable version first, then every later one but the present one. */
  private final Map<Integer, List<byte[]>> earlier = new HashMap<>();

  /** The durable size first, then every later one; the last is the present one. */
  private final List<Long> sizes = new ArrayList<>(List.of(0L));

  boolean locked;

  long size() {
    return sizes.getLast();
  }

  int read(ByteBuffer target, long position) {
    if (position >= size()) {
      return target.hasRemaining() ? -1 : 0;
    }
    int count = (int) Math.min(target.remaining(), size() - position);
    for (int done = 0; done < count; ) {
      long at = position + done;
      int from = (int) (at % SECTOR);
      int length = Math.min(SECTOR - from, count - done);
      target.put(sector((int) (at / SECTOR)), from, length);
      done += length;
    }
    return count;
  }

  void write(ByteBuffer source, long position) {
    long end = position + source.remaining();
    while (source.hasRemaining()) {
      long at = end - source.remaining();
      int from = (int) (at % SECTOR);
      int length = Math.min(SECTOR - from, source.remaining());
      byte[] version = sector((int) (at / SECTOR)).clone();
      source.get(version, from, length);
      replace((int) (at / SECTOR), version);
    }
    if (end > size()) {
      sizes.add(end);
    }
  }

  void resize(long size) {
    if (size == size()) {
      return;
    }
    if (size < size()) {
      int boundary = (int) (size / SECTOR);
      byte[] cut = sector(boundary).clone();
      Arrays.fill(cut, (int) (size % SECTOR), SECTOR, (byte) 0);
      replace(boundary, cut);
      for (int index = boundary + 1; index < sectors.size(); index++) {
        replace(index, ZEROS);
      }
    }
    sizes.add(size);
  }

  void sync() {
    earlier.clear();
    sizes.subList(0, sizes.size() - 1).clear();
  }

  void flipBit(long bit) {
    int index = (int) (bit / 8 / SECTOR);
    byte[] version = sector(index).clone();
    version[(int) (bit / 8 % SECTOR)] ^= (byte) (1 << (bit % 8));
    set(index, version);
  }

  /** A file as a crash may leave it. */
  CrashFile crash(RandomGenerator random) {
    CrashFile after = new CrashFile();
    long size = sizes.get(random.nextInt(sizes.size()));
    after.sizes.set(0, size);
    for (int index = 0; index < sectors.size() && (long) index * SECTOR < size; index++) {
      List<byte[]> versions = earlier.getOrDefault(index, List.of());
      int pick = random.nextInt(versions.size() + 1);
      byte[] version = pick < versions.size() ? versions.get(pick) : sector(index);
      int inside = (int) Math.min(SECTOR, size - (long) index * SECTOR);
      byte[] kept = Arrays.copyOf(Arrays.copyOf(version, inside), SECTOR);
      after.set(index, kept);
    }
    return after;
  }

  private void replace(int index, byte[] version) {
    byte[] before = sector(index);
    if (!Arrays.equals(before, version)) {
      earlier.computeIfAbsent(index, i -> new ArrayList<>()).add(before);
      set(index, version);
    }
  }

  private byte[] sector(int index) {
    byte[] content = index < sectors.size() ? sectors.get(index) : null;
    return content == null ? ZEROS : content;
  }

  private void set(int index, byte[] version) {
    while (sectors.size() <= index) {
      sectors.add(null);
    }
    sectors.set(index, Arrays.equals(version, ZEROS) ? null : version);
  }
}
