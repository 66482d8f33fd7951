package io.strata.squashfs.tree;

import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.squashfs.FileInode;
import io.strata.squashfs.SquashFsImage;
import java.io.EOFException;
import java.io.IOException;

/** Copies the data of files, and leaves out their holes. */
final class DataWriter {
  private static final int BUFFER = 1 << 20;

  private final SquashFsImage image;
  private final Posix posix;
  private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER);

  DataWriter(SquashFsImage image, Posix posix) {
    this.image = image;
    this.posix = posix;
  }

  void write(FileInode inode, int descriptor) throws IOException, ErrnoException {
    long at = image.seekData(inode, 0);
    while (at >= 0) {
      long end = image.seekHole(inode, at);
      copy(inode, at, end, descriptor);
      at = image.seekData(inode, end);
    }
    posix.files().ftruncate(descriptor, inode.size());
  }

  private void copy(FileInode inode, long from, long end, int descriptor)
      throws IOException, ErrnoException {
    long at = from;
    while (at < end) {
      int count = image.read(inode, at, (int) Math.min(BUFFER, end - at), buffer, 0);
      if (count <= 0) {
        throw new EOFException("the file ends at byte " + at);
      }
      int written = 0;
      while (written < count) {
        long address = buffer.address() + written;
        written += posix.files().pwrite(descriptor, address, count - written, at + written);
      }
      at += count;
    }
  }
}
