package io.strata.union;

import io.strata.fuse.DirectorySink;
import io.strata.fuse.Entry;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import io.strata.squashfs.DirectoryCursor;
import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.Inode;
import java.io.IOException;
import java.util.function.BiConsumer;

/**
 * Lists directories of an image, for one thread. The offset of an entry is its cookie in the image,
 * moved up by the two for {@code .} and {@code ..}.
 */
final class ImageListing {
  private static final int DOTS = 2;
  private static final byte[] DOT_NAMES = {'.', '.'};

  private final ImageReading reading;
  private final BiConsumer<Inode, Entry> filler;
  private final DirectoryCursor cursor;
  private final Entry entry = new Entry();

  /**
   * For one thread.
   *
   * @param filler fills in an entry for an inode
   */
  ImageListing(ImageReading reading, BiConsumer<Inode, Entry> filler) {
    this.reading = reading;
    this.filler = filler;
    this.cursor = reading.image().newDirectoryCursor();
  }

  /** Puts entries from {@code offset} on into the sink; gives whether there were any. */
  boolean read(DirectoryInode directory, long offset, DirectorySink sink) throws ErrnoException {
    boolean more = true;
    if (offset < 1) {
      more = addDots(sink, 1, directory.inodeNumber());
    }
    if (more && offset < DOTS) {
      boolean root = directory.reference() == reading.root();
      more = addDots(sink, 2, root ? directory.inodeNumber() : directory.parentInode());
    }
    if (more) {
      more = addEntries(directory, Math.max(offset - DOTS, 0), sink);
    }
    return more || offset < DOTS;
  }

  private boolean addDots(DirectorySink sink, int dots, long inode) {
    return addName(sink, DOT_NAMES, dots, inode, Stat.S_IFDIR, dots);
  }

  private boolean addName(
      DirectorySink sink, byte[] name, int length, long inode, int type, long next) {
    if (!sink.plus()) {
      return sink.add(name, 0, length, inode, type, next);
    }
    entry.clear();
    entry.attributes.inode = inode;
    entry.attributes.mode = type;
    return sink.add(name, 0, length, entry, next);
  }

  private boolean addEntries(DirectoryInode directory, long cookie, DirectorySink sink)
      throws ErrnoException {
    boolean any = false;
    try {
      cursor.open(directory, cookie);
      while (cursor.next()) {
        if (!addEntry(sink)) {
          return true;
        }
        any = true;
      }
      return any;
    } catch (IOException e) {
      if (!any) {
        throw reading.failed(e);
      }
      return true; // what is in front of the damage is delivered; the next call gets here again
    }
  }

  private boolean addEntry(DirectorySink sink) {
    byte[] name = cursor.nameBytes();
    int length = cursor.nameLength();
    long next = cursor.cookie() + DOTS;
    if (sink.plus()) {
      entry.clear();
      try {
        filler.accept(reading.inode(cursor), entry);
        return sink.add(name, 0, length, entry, next);
      } catch (ErrnoException e) {
        // The name is there all the same; whoever opens it gets the error.
      }
    }
    return addName(sink, name, length, cursor.inodeNumber(), cursor.type(), next);
  }
}
