package io.strata.fuse.kernel;

import io.strata.fuse.Features;

/**
 * What kernel and server agreed on in INIT, and {@code struct fuse_init_out} that says so.
 *
 * @param minor the protocol's minor version
 * @param maxReadahead the most that the kernel reads ahead, in bytes
 * @param flags {@link InitFlags} that both sides know and that we want
 * @param readOnly nothing ever changes: no opens
 */
record Agreement(int minor, int maxReadahead, long flags, boolean readOnly) {
  /** FUSE_KERNEL_VERSION. */
  static final int MAJOR = 7;

  /** The newest protocol known here: Linux 6.18. */
  static final int MINOR = 45;

  /** The oldest protocol spoken here: Linux 5.4. */
  static final int OLDEST_MINOR = 31;

  private static final int MAX_BACKGROUND = 64;
  private static final int CONGESTION_THRESHOLD = 48;
  private static final int MAX_PAGES = 256;

  /** One: overlayfs may lie on the mount, but a backing file on no stacked file system. */
  private static final int MAX_STACK_DEPTH = 1;

  private static final int INIT_OUT_SIZE = 64;

  /**
   * Nothing changes behind the kernel's back, so it need not guess that it does: no
   * FUSE_AUTO_INVAL_DATA, but FUSE_EXPLICIT_INVAL_DATA. Without FUSE_READDIRPLUS_AUTO all listings
   * bring attributes. Locks are left to the kernel. FUSE_HANDLE_KILLPRIV_V2 spares a question for
   * security.capability per write.
   */
  private static final long ALWAYS =
      InitFlags.FUSE_ASYNC_READ
          | InitFlags.FUSE_ATOMIC_O_TRUNC
          | InitFlags.FUSE_BIG_WRITES
          | InitFlags.FUSE_DO_READDIRPLUS
          | InitFlags.FUSE_ASYNC_DIO
          | InitFlags.FUSE_PARALLEL_DIROPS
          | InitFlags.FUSE_MAX_PAGES
          | InitFlags.FUSE_CACHE_SYMLINKS
          | InitFlags.FUSE_EXPLICIT_INVAL_DATA
          | InitFlags.FUSE_HANDLE_KILLPRIV_V2
          | InitFlags.FUSE_SETXATTR_EXT
          | InitFlags.FUSE_INIT_EXT
          | InitFlags.FUSE_DIRECT_IO_ALLOW_MMAP;

  /**
   * Agrees on what the kernel offers and the file system wants.
   *
   * @param mayPassThrough whether this process has the capability for FUSE_PASSTHROUGH
   * @param ring whether requests are to come over io_uring
   */
  static Agreement of(InitRequest offer, Features features, boolean mayPassThrough, boolean ring) {
    long wanted = ALWAYS;
    if (ring) {
      wanted |= InitFlags.FUSE_OVER_IO_URING;
    }
    if (features.readOnly()) {
      wanted |= InitFlags.FUSE_NO_OPEN_SUPPORT | InitFlags.FUSE_NO_OPENDIR_SUPPORT;
    }
    if (features.posixAcl()) {
      wanted |= InitFlags.FUSE_POSIX_ACL | InitFlags.FUSE_DONT_MASK;
    }
    if (features.export()) {
      wanted |= InitFlags.FUSE_EXPORT_SUPPORT;
    }
    // The kernel refuses passthrough beside the writeback cache.
    boolean passthrough =
        features.passthrough()
            && mayPassThrough
            && (offer.flags() & InitFlags.FUSE_PASSTHROUGH) != 0;
    if (passthrough) {
      wanted |= InitFlags.FUSE_PASSTHROUGH;
    } else if (features.writebackCache()) {
      wanted |= InitFlags.FUSE_WRITEBACK_CACHE;
    }
    int minor = Math.min(offer.minor(), MINOR);
    return new Agreement(minor, offer.maxReadahead(), offer.flags() & wanted, features.readOnly());
  }

  /** Whether {@code flag} of {@link InitFlags} was agreed. */
  boolean has(long flag) {
    return (flags & flag) != 0;
  }

  /** Puts {@code struct fuse_init_out} into the reply. */
  void write(ReplyBuffer out) {
    out.u32(MAJOR);
    out.u32(minor);
    out.u32(maxReadahead);
    out.u32((int) flags);
    out.u32(CONGESTION_THRESHOLD << 16 | MAX_BACKGROUND);
    out.u32(Exchange.MAX_TRANSFER); // max_write
    out.u32(1); // time_gran: a nanosecond
    out.u32(MAX_PAGES); // and map_alignment 0
    out.u32((int) (flags >>> 32));
    out.u32(has(InitFlags.FUSE_PASSTHROUGH) ? MAX_STACK_DEPTH : 0);
    out.raw(new byte[INIT_OUT_SIZE - 40]); // request_timeout: none of ours; unused
  }

  /** Asks the kernel, whose major version is newer, to begin again with ours. */
  static void writeVersion(ReplyBuffer out) {
    out.u32(MAJOR);
    out.u32(MINOR);
    out.raw(new byte[INIT_OUT_SIZE - 8]);
  }
}
