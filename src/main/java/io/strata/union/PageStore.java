package io.strata.union;

import io.strata.fuse.Connection;
import io.strata.fuse.Request;
import io.strata.posix.NativeBuffer;
import io.strata.squashfs.FileInode;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;

/**
 * Gives the kernel data of an image before it asks, which spares it a request each: the small files
 * that a walk will read next, and the rest of a block of which a random reader wanted a part, as
 * the kernel's own squashfs does. Thread-safe.
 *
 * <p>It works within an operation, while that operation's caller waits, and for other pages than
 * that caller's: see {@link Connection#store}. What is damaged is left to its reader.
 */
final class PageStore {
  /** Where data is put: {@link Connection#store}, by the file whose it is. */
  interface Target {
    /** Stores {@code length} bytes at {@code from} in {@code buffer}; gives whether it did. */
    boolean store(FileInode file, long offset, NativeBuffer buffer, int from, int length);
  }

  private static final int PAGE = 4096;

  /** A read of at most so many bytes is not the kernel's read-ahead. */
  private static final int RANDOM_READ = 16 << 10;

  /** What one thread needs. */
  private static final class Tools {
    final long[] references = new long[WalkTracker.BATCH];
    final NativeBuffer file =
        NativeBuffer.allocate(Connection.STORE_HEADROOM + WalkTracker.LARGEST);
    final NativeBuffer block;

    Tools(int blockSize) {
      block = NativeBuffer.allocate(Connection.STORE_HEADROOM + blockSize);
    }
  }

  private final SquashFsImage image;
  private final Target target;
  private final WalkTracker walk;
  private final int blockSize;
  private final ThreadLocal<Tools> tools;

  PageStore(SquashFsImage image, Target target) {
    this.image = image;
    this.target = target;
    this.walk = new WalkTracker(image);
    this.blockSize = image.superblock().blockSize();
    this.tools = ThreadLocal.withInitial(() -> new Tools(blockSize));
  }

  /** The request is for the end of this directory. */
  void listed(Request request, long directory) {
    walk.listed(directory);
    storeNext(request);
  }

  /** The request has read {@code size} bytes of {@code file}, more than none. */
  void read(Request request, FileInode file, long offset, int size) {
    if (request.direct()) {
      return;
    }
    if (offset == 0 && file.size() <= WalkTracker.LARGEST) {
      walk.read(file);
      storeNext(request);
    } else if (size <= RANDOM_READ && size < blockSize) {
      storeBlock(request, file, offset, size);
    }
  }

  private void storeNext(Request request) {
    Tools mine = tools.get();
    int count = walk.choose(mine.references);
    if (count == 0 || !request.mayStore()) {
      return;
    }
    for (int i = 0; i < count; i++) {
      try {
        store(image.inode(mine.references[i]), mine.file);
      } catch (IOException e) {
        // its reader will get the error
      }
    }
  }

  private void store(Inode inode, NativeBuffer buffer) throws IOException {
    if (inode instanceof FileInode file) {
      int size = (int) file.size();
      image.read(file, 0, size, buffer, Connection.STORE_HEADROOM);
      target.store(file, 0, buffer, Connection.STORE_HEADROOM, size);
    }
  }

  /** Stores what lies around the pages that were read, of the same block. */
  private void storeBlock(Request request, FileInode file, long offset, int size) {
    long start = offset & -blockSize;
    long end = Math.min(start + blockSize, file.size());
    long before = offset & -PAGE;
    long after = Math.min((offset + size + PAGE - 1) & -PAGE, end);
    if (after - start > blockSize || start / blockSize >= file.blocks().count()) {
      return; // it goes over the border of blocks, or lies in a fragment
    }
    if (!request.mayStore()) {
      return;
    }
    NativeBuffer buffer = tools.get().block;
    try {
      image.read(file, start, (int) (end - start), buffer, Connection.STORE_HEADROOM);
    } catch (IOException e) {
      return; // who reads the rest will get the error
    }
    storePart(file, start, start, before, buffer);
    storePart(file, start, after, end, buffer);
  }

  private void storePart(FileInode file, long start, long from, long to, NativeBuffer block) {
    if (from < to) {
      int at = Connection.STORE_HEADROOM + (int) (from - start);
      target.store(file, from, block, at, (int) (to - from));
    }
  }
}
