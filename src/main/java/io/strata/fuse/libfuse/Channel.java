package io.strata.fuse.libfuse;

import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.posix.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A mount as libfuse has it: {@code struct fuse *}, its session and channel.
 *
 * @param library libfuse
 * @param fuse {@code struct fuse *}
 * @param session {@code struct fuse_session *}
 * @param channel {@code struct fuse_chan *}
 * @param device the descriptor of /dev/fuse
 */
record Channel(Libfuse library, long fuse, long session, long channel, int device) {
  /** Mounts; from now on the kernel waits for an answer to INIT. */
  static Channel open(
      Libfuse library, MountOptions options, String words, OperationTable table, boolean root)
      throws FuseMountException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = MountArguments.lay(arena, words);
      long where = arena.allocateFrom(options.mountPoint().toString()).address();
      try {
        long channel = library.fuse_mount(where, arguments.address());
        if (channel == 0) {
          throw MountTrouble.explain(options, root);
        }
        long fuse = FuseNew.in(Libfuse.NAME).call(channel, arguments.address(), table);
        if (fuse == 0) {
          library.fuse_unmount(where, channel);
          throw new FuseMountException(
              Errno.EINVAL,
              "libfuse did not take the options " + words + " for " + options.mountPoint());
        }
        int device = library.fuse_chan_fd(channel);
        return new Channel(library, fuse, library.fuse_get_session(fuse), channel, device);
      } finally {
        library.fuse_opt_free_args(arguments.address());
      }
    }
  }

  /** Handles the request in {@code worker}, {@code length} bytes. */
  void process(Worker worker, int length) {
    library.fuse_session_process(session, worker.request.address(), length, channel);
  }

  /** Frees it all. Calls back for files that are still hidden. */
  void destroy() {
    library.fuse_destroy(fuse);
  }
}
