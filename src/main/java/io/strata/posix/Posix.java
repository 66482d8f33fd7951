package io.strata.posix;

import io.strata.natives.SharedLibrary;

/** The way to the system calls, in groups. Immutable; one per process is enough. */
public final class Posix {
  private static final class Holder {
    static final Posix SYSTEM = load();

    private static Posix load() {
      return new Posix(new Native(new Libc(SharedLibrary.ofProcess())));
    }
  }

  private final FileCalls files;
  private final NameCalls names;
  private final XattrCalls xattrs;
  private final NamedXattrs namedXattrs;
  private final MountCalls mounts;
  private final ProcessCalls processes;
  private final MemoryCalls memory;
  private final RingCalls rings;

  private Posix(Native libc) {
    files = new FileCalls(libc);
    names = new NameCalls(libc);
    xattrs = new XattrCalls(libc);
    namedXattrs = new NamedXattrs(libc, xattrs);
    mounts = new MountCalls(libc);
    processes = new ProcessCalls(libc);
    memory = new MemoryCalls(libc);
    rings = new RingCalls(libc);
  }

  /** The calls of this process's libc, loaded on first use. */
  public static Posix system() {
    return Holder.SYSTEM;
  }

  /** Calls on a descriptor. */
  public FileCalls files() {
    return files;
  }

  /** Calls on a name in a directory. */
  public NameCalls names() {
    return names;
  }

  /** Extended attributes. */
  public XattrCalls xattrs() {
    return xattrs;
  }

  /** Extended attributes of names in a directory. */
  public NamedXattrs namedXattrs() {
    return namedXattrs;
  }

  /** Mounting and unmounting. */
  public MountCalls mounts() {
    return mounts;
  }

  /** Users, sessions, children, signals, limits. */
  public ProcessCalls processes() {
    return processes;
  }

  /** Memory from the kernel. */
  public MemoryCalls memory() {
    return memory;
  }

  /** Rings of system calls. */
  public RingCalls rings() {
    return rings;
  }
}
