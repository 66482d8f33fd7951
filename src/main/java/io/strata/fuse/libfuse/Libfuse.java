package io.strata.fuse.libfuse;

import ru.serce.jnrfuse.LibFuse;

/**
 * The functions of libfuse.so.2 by their C names: what jnr-fuse declares, and the parts of {@code
 * fuse_main} one by one. {@code long} stands for pointers and {@code size_t}.
 */
@SuppressWarnings("MemberName")
public interface Libfuse extends LibFuse {
  /** The library's name, as ld.so knows it. */
  String NAME = "libfuse.so.2";

  /** Mounts; gives the channel, or 0. Takes mount options out of {@code struct fuse_args}. */
  long fuse_mount(long mountPoint, long arguments);

  long fuse_get_session(long fuse);

  int fuse_chan_fd(long channel);

  /** Handles one request and answers it, calling back on this thread. */
  void fuse_session_process(long session, long request, long length, long channel);

  void fuse_unmount(long mountPoint, long channel);

  /** Frees everything, the channel too, and closes its descriptor. */
  void fuse_destroy(long fuse);

  void fuse_opt_free_args(long arguments);
}
