package io.strata.compare;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import io.strata.posix.XattrCalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;

/** One of the two trees: lists, opens and describes what is in a directory, by descriptor. */
final class OpenTree {
  static final Comparator<byte[]> BYTES = Arrays::compareUnsigned;
  private static final int BUFFER = 1 << 20;
  private static final int TYPE_SHIFT = 12; // DT_DIR and its kin are the S_IF bits, shifted

  private final Posix posix = Posix.system();
  private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER);

  NativeBuffer buffer() {
    return buffer;
  }

  int openRoot(String path) throws ErrnoException {
    return openDirectory(NameCalls.AT_FDCWD, path.getBytes(StandardCharsets.UTF_8));
  }

  int openDirectory(int directory, byte[] name) throws ErrnoException {
    int flags = NameCalls.O_RDONLY | NameCalls.O_DIRECTORY | NameCalls.O_NOFOLLOW;
    return posix.names().open(directory, name, flags, 0);
  }

  int openFile(int directory, byte[] name) throws ErrnoException {
    int flags = NameCalls.O_RDONLY | NameCalls.O_NOFOLLOW | NameCalls.O_NONBLOCK;
    return posix.names().open(directory, name, flags, 0);
  }

  void close(int fd) {
    posix.files().close(fd);
  }

  /** The names in an open directory but "." and "..", each with the type bits it is listed with. */
  SortedMap<byte[], Integer> list(int directory) throws ErrnoException {
    SortedMap<byte[], Integer> entries = new TreeMap<>(BYTES);
    int got;
    while ((got = posix.files().getdents(directory, buffer.address(), BUFFER)) > 0) {
      for (int at = 0; at < got; ) {
        int length = Short.toUnsignedInt(buffer.bytes().getShort(at + 16));
        byte[] name = nameAt(at + 19);
        if (!Arrays.equals(name, new byte[] {'.'}) && !Arrays.equals(name, new byte[] {'.', '.'})) {
          int type = buffer.bytes().get(at + 18) << TYPE_SHIFT;
          if (entries.put(name, type) != null) {
            throw new IllegalStateException("listed twice: " + show(name));
          }
        }
        at += length;
      }
    }
    return entries;
  }

  private byte[] nameAt(int start) {
    int end = start;
    while (buffer.bytes().get(end) != 0) {
      end++;
    }
    byte[] name = new byte[end - start];
    buffer.bytes().get(start, name);
    return name;
  }

  Stat stat(int directory, byte[] name) throws ErrnoException {
    Stat stat = new Stat();
    posix.names().stat(directory, name, 0, stat);
    return stat;
  }

  Stat stat(int fd) throws ErrnoException {
    Stat stat = new Stat();
    posix.files().stat(fd, stat);
    return stat;
  }

  byte[] readlink(int directory, byte[] name) throws ErrnoException {
    return posix.names().readlink(directory, name);
  }

  /** Reads up to the buffer's size from {@code offset} on; fewer only at the end. */
  int read(int fd, long offset) throws ErrnoException {
    int done = 0;
    while (done < BUFFER) {
      int got = posix.files().pread(fd, buffer.address() + done, BUFFER - done, offset + done);
      if (got == 0) {
        break;
      }
      done += got;
    }
    return done;
  }

  /** All extended attributes of a name; none where the file system has none. */
  SortedMap<byte[], byte[]> xattrs(int directory, byte[] name) throws ErrnoException {
    byte[] path = XattrCalls.pathOf(directory, name);
    SortedMap<byte[], byte[]> values = new TreeMap<>(BYTES);
    for (byte[] attribute : xattrNames(path)) {
      int size = posix.xattrs().get(path, false, attribute, buffer.address(), BUFFER);
      byte[] value = new byte[size];
      buffer.bytes().get(0, value);
      values.put(attribute, value);
    }
    return values;
  }

  private Iterable<byte[]> xattrNames(byte[] path) throws ErrnoException {
    int length;
    try {
      length = posix.xattrs().list(path, false, buffer.address(), XattrCalls.XATTR_SIZE_MAX);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EOPNOTSUPP) {
        return java.util.List.of();
      }
      throw e;
    }
    java.util.List<byte[]> names = new java.util.ArrayList<>();
    for (int at = 0; at < length; ) {
      byte[] name = nameAt(at);
      names.add(name);
      at += name.length + 1;
    }
    return names;
  }

  /** A name for a message: what is no printable ASCII as hexadecimal escapes. */
  static String show(byte[] name) {
    StringBuilder text = new StringBuilder();
    for (byte b : name) {
      if (b > ' ' && b < 0x7f) {
        text.append((char) b);
      } else {
        text.append("\\x%02x".formatted(b & 0xff));
      }
    }
    return text.toString();
  }

  ByteBuffer bytes() {
    return buffer.bytes();
  }
}
