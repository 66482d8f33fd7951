package io.strata.union;

import static io.strata.union.ImageReading.SEEK_DATA;
import static io.strata.union.ImageReading.SEEK_HOLE;

import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;

/** Copies the data of a lower file: in large pieces, holes left out. */
final class DataCopy {
  private static final int PIECE = 1 << 20;

  /** More than this takes long enough for others to be served meanwhile. */
  private static final long LONG = 4L << 20;

  private static final ThreadLocal<NativeBuffer> BUFFER =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(PIECE));

  private final Posix posix;
  private final Settling settling;
  private final Request request;
  private final LowerReader source;
  private final int target;

  DataCopy(Settling settling, Request request, LowerReader source, int target) {
    this.posix = settling.posix();
    this.settling = settling;
    this.request = request;
    this.source = source;
    this.target = target;
  }

  /**
   * Makes {@code target} a file of {@code size} bytes: the first of the source, safe on the disk.
   */
  void copy(long size) throws ErrnoException {
    if (size > LONG) {
      request.blocking();
    }
    posix.files().ftruncate(target, size);
    long at = 0;
    while (at < size) {
      long data = seek(at, SEEK_DATA, size);
      if (data >= size) {
        break;
      }
      at = Math.min(seek(data, SEEK_HOLE, size), size);
      copyRange(data, at);
    }
    if (size > 0) {
      settling.settle(target);
    }
  }

  private long seek(long from, int whence, long size) throws ErrnoException {
    try {
      return source.seek(from, whence);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENXIO) {
        return size;
      }
      if (e.errno() == Errno.EINVAL) { // a file system that knows no holes
        return whence == SEEK_DATA ? from : size;
      }
      throw e;
    }
  }

  private void copyRange(long from, long to) throws ErrnoException {
    NativeBuffer buffer = BUFFER.get();
    for (long at = from; at < to; ) {
      if (request.interrupted()) {
        throw ErrnoException.of(Errno.EINTR);
      }
      int got = source.read(at, (int) Math.min(PIECE, to - at), buffer, 0);
      if (got == 0) {
        return; // shorter than it said: what is not there reads as zeros
      }
      write(at, got, buffer);
      at += got;
    }
  }

  private void write(long at, int size, NativeBuffer buffer) throws ErrnoException {
    for (int done = 0; done < size; ) {
      done += BackingFile.write(posix, target, at + done, size - done, buffer, done);
    }
  }
}
