package io.strata.posix;

import java.nio.ByteBuffer;

/**
 * The attributes of a file as {@code statx(2)} gives them. Mutable and reused by its caller: a
 * system call fills it. Times are seconds since 1970 (may be negative) and nanoseconds 0 to
 * 999,999,999.
 *
 * <p>Source of the layout: {@code struct statx} of linux/stat.h.
 */
public final class Stat {
  public static final int S_IFMT = 0170000;
  public static final int S_IFSOCK = 0140000;
  public static final int S_IFLNK = 0120000;
  public static final int S_IFREG = 0100000;
  public static final int S_IFBLK = 0060000;
  public static final int S_IFDIR = 0040000;
  public static final int S_IFCHR = 0020000;
  public static final int S_IFIFO = 0010000;
  public static final int S_ISUID = 04000;
  public static final int S_ISGID = 02000;
  public static final int S_ISVTX = 01000;

  /** In {@link #attributeBits}: chattr(1)'s flag i (STATX_ATTR_IMMUTABLE). */
  public static final int ATTRIBUTE_IMMUTABLE = 0x10;

  /** In {@link #attributeBits}: chattr(1)'s flag a (STATX_ATTR_APPEND). */
  public static final int ATTRIBUTE_APPEND = 0x20;

  private static final int STATX_BTIME = 0x800;

  /** Everything that stat(2) gives, and the time of birth where there is one (STATX_BTIME). */
  static final int WANTED = 0x7ff | STATX_BTIME;

  /** What else is said of the file, in bits {@code STATX_ATTR_...}. */
  public long attributeBits;

  public int blockSize;
  public int linkCount;
  public int uid;
  public int gid;

  /** Type and permission bits. */
  public int mode;

  public long inode;
  public long size;

  /** In units of 512 bytes. */
  public long blocks;

  public long accessSeconds;
  public int accessNanos;
  public long changeSeconds;
  public int changeNanos;
  public long modifySeconds;
  public int modifyNanos;

  /** When the file was made; both 0 where the file system does not tell. */
  public long birthSeconds;

  public int birthNanos;
  public int deviceMajor;
  public int deviceMinor;

  /** Of the file system that holds the file. */
  public int fileSystemMajor;

  public int fileSystemMinor;

  void read(ByteBuffer bytes, int at) {
    blockSize = bytes.getInt(at + 4);
    attributeBits = bytes.getLong(at + 8);
    linkCount = bytes.getInt(at + 16);
    uid = bytes.getInt(at + 20);
    gid = bytes.getInt(at + 24);
    mode = Short.toUnsignedInt(bytes.getShort(at + 28));
    inode = bytes.getLong(at + 32);
    size = bytes.getLong(at + 40);
    blocks = bytes.getLong(at + 48);
    accessSeconds = bytes.getLong(at + 64);
    accessNanos = bytes.getInt(at + 72);
    boolean born = (bytes.getInt(at) & STATX_BTIME) != 0; // stx_mask
    birthSeconds = born ? bytes.getLong(at + 80) : 0;
    birthNanos = born ? bytes.getInt(at + 88) : 0;
    changeSeconds = bytes.getLong(at + 96);
    changeNanos = bytes.getInt(at + 104);
    modifySeconds = bytes.getLong(at + 112);
    modifyNanos = bytes.getInt(at + 120);
    deviceMajor = bytes.getInt(at + 128);
    deviceMinor = bytes.getInt(at + 132);
    fileSystemMajor = bytes.getInt(at + 136);
    fileSystemMinor = bytes.getInt(at + 140);
  }

  /** The type bits alone, one of {@code S_IF...}. */
  public int type() {
    return mode & S_IFMT;
  }

  public boolean isDirectory() {
    return type() == S_IFDIR;
  }

  public boolean isRegular() {
    return type() == S_IFREG;
  }

  /** The device number of a device file, as {@code makedev} makes it. */
  public long device() {
    return makeDevice(deviceMajor, deviceMinor);
  }

  /** {@code makedev} of glibc: 32-bit major and minor folded into 64 bits. */
  public static long makeDevice(int major, int minor) {
    return (minor & 0xffL)
        | (major & 0xfffL) << 8
        | (minor & 0xffffff00L) << 12
        | (major & 0xfffff000L) << 32;
  }

  public static int majorOf(long device) {
    return (int) ((device >>> 8 & 0xfff) | (device >>> 32 & 0xfffff000L));
  }

  public static int minorOf(long device) {
    return (int) ((device & 0xff) | (device >>> 12 & 0xffffff00L));
  }
}
