package io.strata.posix;

import java.nio.charset.StandardCharsets;

/** Mounting and unmounting, for which the kernel wants CAP_SYS_ADMIN. */
public final class MountCalls {
  public static final long MS_RDONLY = 1;
  public static final long MS_NOSUID = 2;
  public static final long MS_NODEV = 4;
  public static final long MS_NOEXEC = 8;
  public static final long MS_SYNCHRONOUS = 16;
  public static final long MS_REMOUNT = 32;
  public static final long MS_DIRSYNC = 128;
  public static final long MS_NOATIME = 1024;
  public static final long MS_NODIRATIME = 2048;
  public static final long MS_BIND = 4096;
  public static final long MS_RELATIME = 1L << 21;
  public static final long MS_STRICTATIME = 1L << 24;
  public static final long MS_LAZYTIME = 1L << 25;

  public static final int MNT_FORCE = 1;
  public static final int MNT_DETACH = 2;
  public static final int UMOUNT_NOFOLLOW = 8;

  private final Native system;

  MountCalls(Native system) {
    this.system = system;
  }

  /** {@code mount(2)}. */
  public void mount(byte[] source, byte[] target, String type, long flags, String data)
      throws ErrnoException {
    NativeBuffer words = NativeBuffer.allocate(4096);
    byte[] typeBytes = type.getBytes(StandardCharsets.UTF_8);
    byte[] dataBytes = data.getBytes(StandardCharsets.UTF_8);
    if (typeBytes.length + dataBytes.length + 2 > words.capacity()) {
      throw ErrnoException.of(Errno.E2BIG);
    }
    words.bytes().put(0, typeBytes);
    int dataAt = typeBytes.length + 1;
    words.bytes().put(dataAt, dataBytes);
    Scratch scratch = Scratch.ofThread();
    long from = scratch.firstPath(source);
    long to = scratch.secondPath(target);
    long address = words.address();
    system.check(system.libc().mount(from, to, address, flags, address + dataAt));
    java.lang.ref.Reference.reachabilityFence(words);
  }

  /** {@code umount2(2)}; EBUSY while in use, EINVAL where nothing is mounted. */
  public void unmount(byte[] target, int flags) throws ErrnoException {
    system.check(system.libc().umount2(Scratch.ofThread().firstPath(target), flags));
  }
}
