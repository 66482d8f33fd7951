package io.strata.delta.sqdelta2;

import static io.strata.delta.sqdelta2.InodeModel.U32;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Inode.Entry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Codes the inode numbers. Predicted is what a walk from the root would give, or the order of the
 * table, plus as much as the last one was off.
 */
final class NumberWalk {
  private final Residuals values;
  private final Habits habits;
  private final List<Inode> now;
  private final int root;

  NumberWalk(Residuals values, Habits habits, List<Inode> now, int root) {
    this.values = values;
    this.habits = habits;
    this.now = now;
    this.root = root;
  }

  void run() throws DeltaException {
    int[] order = habits.numbersInOrder() ? inOrder() : byWalk();
    long off = 0;
    for (int i = 0; i < order.length; i++) {
      Inode inode = now.get(i);
      long predicted = order[i] + off;
      long number = values.number(Column.NUMBER, predicted, inode.number & U32, U32);
      off = number - order[i];
      inode.number = (int) number;
    }
  }

  private int[] inOrder() {
    int[] numbers = new int[now.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i + 1;
    }
    return numbers;
  }

  /** Each inode when it is met first: a directory, then what is in it. */
  private int[] byWalk() {
    int[] numbers = new int[now.size()];
    int number = 1;
    Deque<Iterator<Entry>> open = new ArrayDeque<>();
    if (root < numbers.length) {
      numbers[root] = number++;
      open.push(now.get(root).entries.iterator());
    }
    while (!open.isEmpty()) {
      if (!open.element().hasNext()) {
        open.pop();
        continue;
      }
      int child = open.element().next().child;
      if (numbers[child] == 0) {
        numbers[child] = number++;
        open.push(now.get(child).entries.iterator());
      }
    }
    return numbers;
  }
}
