package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Codes which inode of the source each one of the target is like. */
final class LikeWalk {
  private final Residuals values;
  private final List<Inode> old;
  private final @Nullable Inode[] likes;

  LikeWalk(Residuals values, List<Inode> old, @Nullable Inode[] likes) {
    this.values = values;
    this.old = old;
    this.likes = likes;
  }

  /** A number is 0 for none, else that of the record, from 1; predicted is the next one. */
  void run() throws DeltaException {
    Map<Inode, Integer> records = new IdentityHashMap<>();
    for (int i = 0; !values.reads() && i < old.size(); i++) {
      records.put(old.get(i), i + 1);
    }
    long next = 1;
    for (int i = 0; i < likes.length; i++) {
      Inode like = likes[i];
      long actual = like == null ? 0 : records.getOrDefault(like, 0);
      long predicted = next <= old.size() ? next : 0;
      long record = values.number(Column.LIKE, predicted, actual, old.size());
      likes[i] = record == 0 ? null : old.get((int) record - 1);
      next = record == 0 ? next : record + 1;
    }
  }
}
