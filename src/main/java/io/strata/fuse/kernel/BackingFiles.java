package io.strata.fuse.kernel;

import io.strata.posix.ErrnoException;
import io.strata.posix.FileCalls;
import io.strata.posix.NativeBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Which nodes the kernel serves from a backing file by itself (FUSE_PASSTHROUGH). Thread-safe.
 *
 * <p>The kernel wants all openings of a node to be of one kind at a time, passed through to one
 * backing id or cached; a mixture fails with EIO. So the first opening decides, and the others
 * follow until the last one is released.
 */
final class BackingFiles {
  /** No backing file: the opening is served by requests. */
  static final int NONE = 0;

  private static final long FUSE_DEV_IOC_BACKING_OPEN = 0x4010e501L; // _IOW(229, 1, 16 bytes)
  private static final long FUSE_DEV_IOC_BACKING_CLOSE = 0x4004e502L; // _IOW(229, 2, uint32_t)

  private static final class Openings {
    final int backingId;
    int count = 1;

    Openings(int backingId) {
      this.backingId = backingId;
    }
  }

  private final FileCalls files;
  private final int device;
  private final boolean enabled;
  private final Map<Long, Openings> byNode = new HashMap<>(); // guarded by this
  private final NativeBuffer argument = NativeBuffer.allocate(16); // guarded by this

  /**
   * @param device the descriptor of /dev/fuse, open as long as this is used
   * @param enabled whether FUSE_PASSTHROUGH was agreed; else nothing is ever backed
   */
  BackingFiles(FileCalls files, int device, boolean enabled) {
    this.files = files;
    this.device = device;
    this.enabled = enabled;
  }

  /**
   * A file is opened.
   *
   * @param descriptor of its backing file, or -1
   * @return the backing id for the reply, or {@link #NONE}
   */
  int opened(long node, int descriptor) {
    if (!enabled) {
      return NONE;
    }
    synchronized (this) {
      Openings openings = byNode.get(node);
      if (openings == null) {
        openings = new Openings(descriptor < 0 ? NONE : register(descriptor));
        byNode.put(node, openings);
      } else {
        openings.count++;
      }
      return openings.backingId;
    }
  }

  /** An opening ends. */
  void released(long node) {
    if (!enabled) {
      return;
    }
    synchronized (this) {
      Openings openings = byNode.get(node);
      if (openings != null && --openings.count == 0) {
        byNode.remove(node);
        unregister(openings.backingId);
      }
    }
  }

  /** {@code struct fuse_backing_map}. A refusal (a stacked file system below) is no failure. */
  private int register(int descriptor) {
    argument.bytes().putInt(0, descriptor).putInt(4, 0).putLong(8, 0);
    try {
      return files.ioctl(device, FUSE_DEV_IOC_BACKING_OPEN, argument.address());
    } catch (ErrnoException e) {
      return NONE;
    }
  }

  private void unregister(int backingId) {
    if (backingId == NONE) {
      return;
    }
    argument.bytes().putInt(0, backingId);
    try {
      files.ioctl(device, FUSE_DEV_IOC_BACKING_CLOSE, argument.address());
    } catch (ErrnoException e) {
      // the connection is gone, and the backing id with it
    }
  }
}
