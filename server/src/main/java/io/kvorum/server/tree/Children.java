// SPDX-License-Identifier: Apache-2.0
package io.kvorum.server.tree;

import io.kvorum.base.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The content of a directory: names in byte order, each with its node. Immutable; a change copies
 * one block per level.
 *
 * <p>A B-tree, because directories are many and small (one block of two arrays) or few and huge
 * (three or four levels for millions), and because a binary tree costs an object and a cache miss
 * per entry; measured against pcollections' TreePMap in docs/performance.md. Blocks hold up to
 * {@value #WIDTH} slots. A block filled in ascending order stays full when it splits: in-order keys
 * are the usual way to fill a large directory.
 */
final class Children implements Iterable<Children.Child> {

  /** A node and its name in the directory. */
  record Child(Bytes name, Node node) {}

  private static final int WIDTH = 32;
  private static final int FEW = 8;
  private static final int MERGED_MAX = 24;

  static final Children EMPTY = new Children(new Block(true, new Bytes[0], new Object[0]), 0);

  private final Block root;
  private final int size;

  private Children(Block root, int size) {
    this.root = root;
    this.size = size;
  }

  /** From names in ascending order. */
  static Children ofSorted(List<Child> children) {
    if (children.isEmpty()) {
      return EMPTY;
    }
    List<Block> level = new ArrayList<>();
    for (int from = 0; from < children.size(); from += MERGED_MAX) {
      List<Child> part = children.subList(from, Math.min(from + MERGED_MAX, children.size()));
      level.add(
          new Block(
              true,
              part.stream().map(Child::name).toArray(Bytes[]::new),
              part.stream().map(Child::node).toArray()));
    }
    while (level.size() > 1) {
      List<Block> above = new ArrayList<>();
      for (int from = 0; from < level.size(); from += MERGED_MAX) {
        List<Block> part = level.subList(from, Math.min(from + MERGED_MAX, level.size()));
        above.add(
            new Block(
                false, part.stream().map(Block::first).toArray(Bytes[]::new), part.toArray()));
      }
      level = above;
    }
    return new Children(level.getFirst(), children.size());
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  @Nullable Node get(Bytes name) {
    Block block = root;
    while (!block.leaf) {
      block = block.block(block.slotFor(name));
    }
    int slot = block.find(name);
    return slot < 0 ? null : block.node(slot);
  }

  /** With {@code name} standing for {@code node}, new or instead of another. */
  Children with(Bytes name, Node node) {
    Block[] blocks = put(root, name, node);
    boolean added = get(name) == null;
    Block top = blocks.length == 1 ? blocks[0] : Block.above(blocks[0], blocks[1]);
    return new Children(top, added ? size + 1 : size);
  }

  /** Without {@code name}. */
  Children without(Bytes name) {
    if (get(name) == null) {
      return this;
    }
    Block top = remove(root, name);
    while (!top.leaf && top.slots.length == 1) {
      top = top.block(0);
    }
    return size == 1 ? EMPTY : new Children(top, size - 1);
  }

  @Override
  public Iterator<Child> iterator() {
    return new Walk(root);
  }

  private static Block[] put(Block block, Bytes name, Node node) {
    if (block.leaf) {
      int slot = block.find(name);
      return slot >= 0
          ? new Block[] {block.replaced(slot, block.names[slot], node)}
          : block.inserted(-slot - 1, name.compact(), node);
    }
    int slot = block.slotFor(name);
    Block[] below = put(block.block(slot), name, node);
    Block changed = block.replaced(slot, below[0].first(), below[0]);
    return below.length == 1
        ? new Block[] {changed}
        : changed.inserted(slot + 1, below[1].first(), below[1]);
  }

  private static Block remove(Block block, Bytes name) {
    if (block.leaf) {
      return block.cut(block.find(name));
    }
    int slot = block.slotFor(name);
    Block below = remove(block.block(slot), name);
    if (below.slots.length == 0) {
      return block.cut(slot);
    }
    Block changed = block.replaced(slot, below.first(), below);
    if (below.slots.length >= FEW) {
      return changed;
    }
    if (slot + 1 < block.slots.length && changed.fit(slot)) {
      return changed.merged(slot);
    }
    return slot > 0 && changed.fit(slot - 1) ? changed.merged(slot - 1) : changed;
  }

  /** In a leaf the slots are nodes; above, blocks, each named by the smallest name in it. */
  private static final class Block {

    final boolean leaf;
    final Bytes[] names;
    final Object[] slots;

    Block(boolean leaf, Bytes[] names, Object[] slots) {
      this.leaf = leaf;
      this.names = names;
      this.slots = slots;
    }

    static Block above(Block left, Block right) {
      return new Block(
          false, new Bytes[] {left.first(), right.first()}, new Object[] {left, right});
    }

    Bytes first() {
      return names[0];
    }

    Node node(int slot) {
      return (Node) slots[slot];
    }

    Block block(int slot) {
      return (Block) slots[slot];
    }

    int find(Bytes name) {
      return Arrays.binarySearch(names, name);
    }

    /** The block that has {@code name} if any has: the last one that does not begin behind it. */
    int slotFor(Bytes name) {
      int slot = find(name);
      return slot >= 0 ? slot : Math.max(0, -slot - 2);
    }

    Block replaced(int slot, Bytes name, Object content) {
      Bytes[] newNames = names;
      if (!names[slot].equals(name)) {
        newNames = names.clone();
        newNames[slot] = name;
      }
      Object[] newSlots = slots.clone();
      newSlots[slot] = content;
      return new Block(leaf, newNames, newSlots);
    }

    /** One block, or two when this one is full. */
    Block[] inserted(int slot, Bytes name, Object content) {
      Bytes[] newNames = insert(names, new Bytes[names.length + 1], slot, name);
      Object[] newSlots = insert(slots, new Object[slots.length + 1], slot, content);
      if (newSlots.length <= WIDTH) {
        return new Block[] {new Block(leaf, newNames, newSlots)};
      }
      int middle = slot == WIDTH ? WIDTH : WIDTH / 2;
      return new Block[] {
        part(newNames, newSlots, 0, middle), part(newNames, newSlots, middle, newSlots.length)
      };
    }

    Block cut(int slot) {
      return new Block(
          leaf,
          remove(names, new Bytes[names.length - 1], slot),
          remove(slots, new Object[slots.length - 1], slot));
    }

    /** Whether the blocks at {@code slot} and behind it would make one that is not too full. */
    boolean fit(int slot) {
      return block(slot).slots.length + block(slot + 1).slots.length <= MERGED_MAX;
    }

    Block merged(int slot) {
      Block left = block(slot);
      Block right = block(slot + 1);
      int middle = left.slots.length;
      Bytes[] newNames = Arrays.copyOf(left.names, middle + right.names.length);
      System.arraycopy(right.names, 0, newNames, middle, right.names.length);
      Object[] newSlots = Arrays.copyOf(left.slots, middle + right.slots.length);
      System.arraycopy(right.slots, 0, newSlots, middle, right.slots.length);
      return cut(slot + 1).replaced(slot, left.first(), new Block(left.leaf, newNames, newSlots));
    }

    private Block part(Bytes[] allNames, Object[] allSlots, int from, int to) {
      return new Block(
          leaf, Arrays.copyOfRange(allNames, from, to), Arrays.copyOfRange(allSlots, from, to));
    }

    private static <T> T[] insert(T[] source, T[] target, int slot, T content) {
      System.arraycopy(source, 0, target, 0, slot);
      target[slot] = content;
      System.arraycopy(source, slot, target, slot + 1, source.length - slot);
      return target;
    }

    private static <T> T[] remove(T[] source, T[] target, int slot) {
      System.arraycopy(source, 0, target, 0, slot);
      System.arraycopy(source, slot + 1, target, slot, target.length - slot);
      return target;
    }
  }

  /** In ascending order, from leaf to leaf. */
  private static final class Walk implements Iterator<Child> {

    private final List<Block> above = new ArrayList<>(4);
    private final List<Integer> next = new ArrayList<>(4);
    private Block leaf;
    private int slot;

    Walk(Block root) {
      leaf = descend(root);
    }

    private Block descend(Block from) {
      Block block = from;
      while (!block.leaf) {
        above.add(block);
        next.add(1);
        block = block.block(0);
      }
      return block;
    }

    @Override
    public boolean hasNext() {
      while (slot == leaf.slots.length) {
        while (!above.isEmpty() && next.getLast() == above.getLast().slots.length) {
          above.removeLast();
          next.removeLast();
        }
        if (above.isEmpty()) {
          return false;
        }
        int at = next.removeLast();
        next.add(at + 1);
        leaf = descend(above.getLast().block(at));
        slot = 0;
      }
      return true;
    }

    @Override
    public Child next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Child child = new Child(leaf.names[slot], leaf.node(slot));
      slot++;
      return child;
    }
  }
}
