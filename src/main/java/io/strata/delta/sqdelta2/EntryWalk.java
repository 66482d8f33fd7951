package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.sqdelta2.Inode.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Codes the entries of all directories: the inodes and the names. */
final class EntryWalk {
  private static final int NAME_OF_LIKE = 0;
  private static final int NAME_OTHER = 1;

  private final Residuals values;
  private final Shape shape;
  private final List<Inode> now;
  private final @Nullable Inode[] likes;
  private final Orphans orphans;
  private final OldNames oldNames;
  private long room;

  EntryWalk(
      Residuals values, Shape shape, List<Inode> old, List<Inode> now, @Nullable Inode[] likes) {
    this.values = values;
    this.shape = shape;
    this.now = now;
    this.likes = likes;
    this.orphans = new Orphans(now.size());
    this.oldNames = new OldNames(old);
    this.room = shape.directoryLength();
  }

  void run() throws DeltaException {
    for (int i = 0; i < now.size(); i++) {
      if (now.get(i).isDirectory()) {
        directory(i);
      }
    }
  }

  private void directory(int record) throws DeltaException {
    Inode inode = now.get(record);
    Inode like = likes[record];
    List<Entry> likely = like == null ? List.of() : like.entries;
    oldNames.enter(likely);
    long most = room / (DirectoryTable.ENTRY_SIZE + 1);
    int count = (int) values.number(Column.ENTRIES, likely.size(), inode.entries.size(), most);
    int next = shape.habits().writesGroups() ? orphans.first() : orphans.before(record, count);
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Entry actual = values.reads() ? null : inode.entries.get(i);
      int child = child(next, actual);
      next = orphans.isOrphan(child) ? orphans.after(child) : next;
      orphans.remove(child);
      byte[] name = name(child, actual);
      room -= DirectoryTable.ENTRY_SIZE + name.length;
      if (name.length == 0 || room < 0) {
        throw new DeltaException("the names do not fit the directory table");
      }
      entries.add(actual == null ? new Entry(child, name) : actual);
    }
    inode.entries = entries;
  }

  private int child(int predicted, @Nullable Entry actual) throws DeltaException {
    long most = now.size() - 1L;
    return (int) values.number(Column.CHILD, predicted, actual == null ? 0 : actual.child, most);
  }

  private byte[] name(int child, @Nullable Entry actual) throws DeltaException {
    byte[] name = actual == null ? new byte[0] : actual.name;
    byte[] likely = likes[child] == null ? null : oldNames.of(likes[child]);
    if (likely != null) {
      int how = Arrays.equals(name, likely) ? NAME_OF_LIKE : NAME_OTHER;
      how = (int) values.number(Column.TEXT_HOW, 0, how, NAME_OTHER);
      if (how == NAME_OF_LIKE) {
        return likely;
      }
    }
    return values.text(Column.TEXT, name);
  }

  /** The records that are in no directory yet, in order. */
  private static final class Orphans {
    private final int end;
    private final int[] next;
    private final int[] previous;
    private final boolean[] taken;

    Orphans(int count) {
      end = count;
      next = new int[count + 1];
      previous = new int[count + 1];
      taken = new boolean[count + 1];
      Arrays.setAll(next, i -> i == count ? 0 : i + 1);
      Arrays.setAll(previous, i -> i == 0 ? count : i - 1);
    }

    /** The first one; the number of records if there is none. */
    int first() {
      return next[end];
    }

    boolean isOrphan(int record) {
      return !taken[record];
    }

    int after(int record) {
      return next[record];
    }

    /** The one that {@code steps} orphans follow before {@code record}; the first if too few. */
    int before(int record, int steps) {
      int at = record;
      for (int i = 0; i < steps && at != end && isOrphan(record); i++) {
        at = previous[at];
      }
      return at == end ? next[end] : at;
    }

    void remove(int record) {
      if (!taken[record]) {
        taken[record] = true;
        next[previous[record]] = next[record];
        previous[next[record]] = previous[record];
      }
    }
  }

  /** The names that the inodes of the source had. */
  private static final class OldNames {
    private final List<Inode> old;
    private final Map<Inode, byte[]> names = new IdentityHashMap<>();
    private Map<Inode, byte[]> namesHere = Map.of();

    OldNames(List<Inode> old) {
      this.old = old;
      for (Inode inode : old) {
        for (Entry entry : inode.entries) {
          names.putIfAbsent(old.get(entry.child), entry.name);
        }
      }
    }

    /** Names in this listing come first from now on. */
    void enter(List<Entry> listing) {
      // not cleared: that takes as long as its largest listing did
      namesHere = new IdentityHashMap<>(listing.size());
      for (Entry entry : listing) {
        namesHere.putIfAbsent(old.get(entry.child), entry.name);
      }
    }

    byte @Nullable [] of(@Nullable Inode inode) {
      byte[] here = namesHere.get(inode);
      return here == null ? names.get(inode) : here;
    }
  }
}
