// SPDX-License-Identifier: Apache-2.0
package io.kvorum.harness.history;

import java.util.HashMap;
import java.util.Map;

/** Keys of a v2 tree, one call after the other; written apart from the model, to be held to it. */
final class PlainTree {
  private record Node(String value, long created, long modified) {}

  private final Map<String, Node> nodes = new HashMap<>();
  private long index = 3;

  TreeAnswer answer(TreeCall call) {
    Node node = nodes.get(call.key());
    return switch (call) {
      case TreeCall.Get get ->
          node == null
              ? new TreeAnswer.Missing(index)
              : new TreeAnswer.Found(node.value(), node.created(), node.modified(), index);
      case TreeCall.Set set -> put(call.key(), set.value(), index + 1);
      case TreeCall.Create create ->
          node == null ? put(call.key(), create.value(), index + 1) : new TreeAnswer.Exists(index);
      case TreeCall.Update update ->
          node == null
              ? new TreeAnswer.Missing(index)
              : put(call.key(), update.value(), node.created());
      case TreeCall.SwapValue swap -> {
        if (node == null) {
          yield new TreeAnswer.Missing(index);
        }
        yield node.value().equals(swap.from())
            ? put(call.key(), swap.value(), node.created())
            : new TreeAnswer.Differs(index);
      }
      case TreeCall.SwapIndex swap -> {
        if (node == null) {
          yield new TreeAnswer.Missing(index);
        }
        yield node.modified() == swap.from()
            ? put(call.key(), swap.value(), node.created())
            : new TreeAnswer.Differs(index);
      }
      case TreeCall.Delete delete -> node == null ? new TreeAnswer.Missing(index) : remove(call);
      case TreeCall.DeleteValue delete -> {
        if (node == null) {
          yield new TreeAnswer.Missing(index);
        }
        yield node.value().equals(delete.from()) ? remove(call) : new TreeAnswer.Differs(index);
      }
    };
  }

  private TreeAnswer put(String key, String value, long created) {
    index++;
    nodes.put(key, new Node(value, created, index));
    return new TreeAnswer.Done(created, index);
  }

  private TreeAnswer remove(TreeCall call) {
    index++;
    Node gone = nodes.remove(call.key());
    return new TreeAnswer.Done(gone == null ? 0 : gone.created(), index);
  }
}
