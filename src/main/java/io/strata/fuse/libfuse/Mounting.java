package io.strata.fuse.libfuse;

import io.strata.fuse.FuseMountException;
import io.strata.fuse.MountOptions;
import io.strata.fuse.Session;
import io.strata.posix.Errno;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.util.concurrent.CountDownLatch;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/** Brings one mount up, and cleans up behind it. */
final class Mounting {
  private static final System.Logger LOG = System.getLogger(Mounting.class.getName());
  private static final int FEWEST_THREADS = 2;
  private static final int MOST_THREADS = 4;

  private final Libfuse library;
  private final Served served;
  private final MountOptions options;
  private final Unmounter unmounter;
  private final Runtime runtime;

  /** Counted down when INIT was answered, or the mount ended before. */
  private final CountDownLatch opened = new CountDownLatch(1);

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean started;
  private volatile @Nullable Throwable failure;

  Mounting(Libfuse library, Served served, MountOptions options, Unmounter unmounter) {
    this.library = library;
    this.served = served;
    this.options = options;
    this.unmounter = unmounter;
    this.runtime = Runtime.getRuntime(library);
  }

  Session run() throws FuseMountException {
    OperationTable table =
        new OperationTable(
            runtime, served, () -> library.fuse_get_context().umask.intValue(), this::init);
    String words = MountArguments.options(options, served.features(), served.isRoot());
    Channel channel = Channel.open(library, options, words, table, served.isRoot());
    new Crew(channel, served, threads(), opened::countDown, () -> finish(channel, table), runtime)
        .start();
    awaitOpening();
    return new LibfuseSession(options.mountPoint(), served.tally(), unmounter, ended);
  }

  private int threads() {
    int cores = java.lang.Runtime.getRuntime().availableProcessors();
    return options.threads() > 0
        ? options.threads()
        : Math.clamp(cores, FEWEST_THREADS, MOST_THREADS);
  }

  /** The callback for INIT. */
  private long init(long connection) {
    try {
      ConnectionInfo info = new ConnectionInfo(connection, served.names());
      info.want(served.features());
      served.fileSystem().start(info.agreed());
      started = true;
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    return 0;
  }

  private void awaitOpening() throws FuseMountException {
    try {
      opened.await();
      Throwable cause = failure;
      if (cause == null && !ended()) {
        return;
      }
      unmounter.unmount(true);
      ended.await();
      FuseMountException e =
          new FuseMountException(
              Errno.EIO,
              "can't mount on " + options.mountPoint() + ": the file system did not start");
      if (cause != null) {
        e.initCause(cause);
      }
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FuseMountException(
          Errno.EINTR, "interrupted while waiting for " + options.mountPoint() + " to answer");
    }
  }

  private boolean ended() {
    return ended.getCount() == 0;
  }

  /** The mount is gone: frees what libfuse and the name cache hold, then stops the file system. */
  private void finish(Channel channel, OperationTable table) {
    try {
      channel.destroy();
      Reference.reachabilityFence(table);
      if (started) {
        served.names().clear();
        served.fileSystem().stop();
      }
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "the end of the mount " + options.mountPoint() + " failed", e);
    } finally {
      ended.countDown();
      opened.countDown();
    }
  }
}
