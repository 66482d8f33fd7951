package io.strata.fuse.kernel;

import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Tells on which processor a thread of any process runs, or ran last. Belongs to one thread.
 *
 * <p>Source: field 39 of {@code /proc/TID/stat} (proc_pid_stat(5)); the second one is a name in
 * parentheses, of any characters.
 */
final class CallerPlace {
  static final int UNKNOWN = -1;

  private static final int FIELD = 39;
  private static final int FIELD_AFTER_NAME = 3;
  private static final int SIZE = 1024; // fits all of them

  private final Posix posix;
  private final NativeBuffer text = NativeBuffer.allocate(SIZE);

  CallerPlace(Posix posix) {
    this.posix = posix;
  }

  /** The processor's number; {@link #UNKNOWN} if the thread has gone, or may not be looked at. */
  int of(int thread) {
    byte[] path = ("/proc/" + thread + "/stat").getBytes(StandardCharsets.US_ASCII);
    int fd = -1;
    try {
      fd = posix.names().open(NameCalls.AT_FDCWD, path, NameCalls.O_RDONLY, 0);
      int length = posix.files().readOrErrno(fd, text.address(), SIZE);
      return length < 0 ? UNKNOWN : processor(text.bytes(), length);
    } catch (ErrnoException e) {
      return UNKNOWN;
    } finally {
      if (fd >= 0) {
        posix.files().close(fd);
      }
    }
  }

  /** The number in the text of such a file. */
  static int processor(ByteBuffer text, int length) {
    int at = length - 1;
    while (at >= 0 && text.get(at) != ')') {
      at--;
    }
    at += 2; // the blank
    for (int field = FIELD_AFTER_NAME; field < FIELD; field++) {
      while (at < length && text.get(at) != ' ') {
        at++;
      }
      at++;
    }
    int number = UNKNOWN;
    for (; at < length && text.get(at) >= '0' && text.get(at) <= '9'; at++) {
      number = Math.max(number, 0) * 10 + text.get(at) - '0';
    }
    return number;
  }
}
