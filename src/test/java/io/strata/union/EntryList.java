package io.strata.union;

import io.strata.fuse.DirectorySink;
import io.strata.fuse.Entry;
import io.strata.fuse.FileSystem;
import io.strata.fuse.Opened;
import io.strata.posix.ErrnoException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes entries as a kernel with a small buffer does. */
final class EntryList implements DirectorySink {
  /** An entry as it was given. */
  record Seen(String name, long node, long inode, int type, long next) {}

  final List<Seen> entries = new ArrayList<>();
  private final boolean plus;
  private int room;

  private EntryList(boolean plus) {
    this.plus = plus;
  }

  /** Reads a whole directory, a few entries at a time. */
  static List<Seen> of(FileSystem fileSystem, long node, boolean plus) throws ErrnoException {
    Opened opened = new Opened();
    fileSystem.openDirectory(Caller.ROOT, node, 0, opened);
    EntryList list = new EntryList(plus);
    int before;
    do {
      before = list.entries.size();
      list.room = 3;
      long offset = before == 0 ? 0 : list.entries.get(before - 1).next;
      fileSystem.readDirectory(Caller.ROOT, node, opened.handle, offset, list);
    } while (list.entries.size() > before);
    fileSystem.releaseDirectory(node, opened.handle);
    return list.entries;
  }

  @Override
  public boolean plus() {
    return plus;
  }

  @Override
  public boolean add(byte[] name, int from, int length, long inode, int mode, long next) {
    return add(new Seen(text(name, from, length), 0, inode, mode & 0170000, next));
  }

  @Override
  public boolean add(byte[] name, int from, int length, Entry entry, long next) {
    long inode = entry.attributes.inode;
    int type = entry.attributes.mode & 0170000;
    return add(new Seen(text(name, from, length), entry.node, inode, type, next));
  }

  private static String text(byte[] name, int from, int length) {
    return new String(name, from, length, StandardCharsets.UTF_8);
  }

  private boolean add(Seen seen) {
    return room-- > 0 && entries.add(seen);
  }
}
