package io.strata.compare;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.FileSystemStat;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import io.strata.posix.XattrCalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One of the two trees: lists, opens and describes what is in a directory, by descriptor. */
final class OpenTree {
  static final Comparator<byte[]> BYTES = Arrays::compareUnsigned;
  private static final int BUFFER = 1 << 20;
  private static final int MAX_BORDERS = 100;
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
    return openFile(
        directory, name, NameCalls.O_RDONLY | NameCalls.O_NOFOLLOW | NameCalls.O_NONBLOCK);
  }

  int openFile(int directory, byte[] name, int flags) throws ErrnoException {
    return posix.names().open(directory, name, flags, 0);
  }

  void close(int fd) {
    posix.files().close(fd);
  }

  /**
   * A name in a directory, as getdents(2) gives it.
   *
   * @param type the S_IF... bits
   */
  record Listed(byte[] name, int type, long inode) {
    boolean isDots() {
      return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
    }
  }

  /** What is in an open directory but "." and "..", in the order in which it is listed. */
  List<Listed> list(int directory) throws ErrnoException {
    List<Listed> entries = new ArrayList<>();
    int got;
    while ((got = posix.files().getdents(directory, buffer.address(), BUFFER)) > 0) {
      for (int at = 0; at < got; ) {
        int length = Short.toUnsignedInt(buffer.bytes().getShort(at + 16));
        int type = buffer.bytes().get(at + 18) << TYPE_SHIFT;
        Listed entry = new Listed(nameAt(at + 19), type, buffer.bytes().getLong(at));
        if (!entry.isDots()) {
          entries.add(entry);
        }
        at += length;
      }
    }
    return entries;
  }

  /** The entries by their names. */
  static SortedMap<byte[], Listed> byName(List<Listed> entries) {
    SortedMap<byte[], Listed> sorted = new TreeMap<>(BYTES);
    for (Listed entry : entries) {
      if (sorted.put(entry.name(), entry) != null) {
        throw new IllegalStateException("listed twice: " + show(entry.name()));
      }
    }
    return sorted;
  }

  /** Where data and holes begin in turn, the first {@link #MAX_BORDERS} such places. */
  List<Long> borders(int fd) throws ErrnoException {
    List<Long> borders = new ArrayList<>();
    long at = 0;
    try {
      while (borders.size() < MAX_BORDERS) {
        at = posix.files().lseek(fd, at, FileCalls.SEEK_DATA);
        borders.add(at);
        at = posix.files().lseek(fd, at, FileCalls.SEEK_HOLE);
        borders.add(at);
      }
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENXIO) {
        throw e;
      }
    }
    return borders;
  }

  FileSystemStat statfs(int fd) throws ErrnoException {
    return posix.files().statfs(fd);
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
        return List.of();
      }
      throw e;
    }
    List<byte[]> names = new ArrayList<>();
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
