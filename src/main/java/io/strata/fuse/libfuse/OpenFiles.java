package io.strata.fuse.libfuse;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The openings by the number that libfuse brings back in {@code fuse_file_info.fh}. */
final class OpenFiles {
  private final ConcurrentHashMap<Long, OpenFile> files = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  long add(OpenFile file) {
    long number = last.incrementAndGet();
    files.put(number, file);
    return number;
  }

  OpenFile get(long number) throws ErrnoException {
    OpenFile file = files.get(number);
    if (file == null) {
      throw ErrnoException.of(Errno.EBADF);
    }
    return file;
  }

  @Nullable OpenFile remove(long number) {
    return files.remove(number);
  }
}
