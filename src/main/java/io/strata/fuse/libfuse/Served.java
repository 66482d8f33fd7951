package io.strata.fuse.libfuse;

import io.strata.fuse.Features;
import io.strata.fuse.FileSystem;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import java.lang.System.Logger.Level;

/**
 * What the callbacks work on: the file system and what is remembered about it.
 *
 * @param posix the system's calls
 * @param fileSystem what is served
 * @param features what it asked for
 * @param names from paths to nodes
 * @param files openings
 * @param tally what was asked
 * @param workers the calling thread's worker
 */
record Served(
    Posix posix,
    FileSystem fileSystem,
    Features features,
    NameCache names,
    OpenFiles files,
    Tally tally,
    ThreadLocal<Worker> workers) {
  private static final System.Logger LOG = System.getLogger(Served.class.getName());

  Served(Posix posix, FileSystem fileSystem, int names, boolean timed) {
    this(
        posix,
        fileSystem,
        fileSystem.features(),
        new NameCache(fileSystem, names),
        new OpenFiles(),
        new Tally(timed),
        new ThreadLocal<>());
  }

  boolean isRoot() {
    return posix.processes().effectiveUser() == 0;
  }

  /** The work of one callback: 0 or a count. */
  @FunctionalInterface
  interface Work {
    int run(Worker worker) throws ErrnoException;
  }

  /** The work of one callback on the node of a path. */
  @FunctionalInterface
  interface NodeWork {
    int run(Worker worker, Held held) throws ErrnoException;
  }

  /** The work of one callback on a name in a directory. */
  @FunctionalInterface
  interface NameWork {
    int run(Worker worker, Held directory, byte[] name) throws ErrnoException;
  }

  /** Does the work; nothing but a number may go back into C. */
  int answer(Work work) {
    Worker worker = workers.get();
    int answer = answer(work, worker);
    worker.answered(answer);
    return answer;
  }

  private static int answer(Work work, Worker worker) {
    try {
      return work.run(worker);
    } catch (ErrnoException e) {
      return -e.errno();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "a request failed unexpectedly; its caller gets EIO", e);
      return -Errno.EIO;
    }
  }

  /** Does the work on the node that the path at {@code path} leads to. */
  int onNode(long path, NodeWork work) {
    return answer(
        worker -> {
          Held held = names.find(worker, PathNames.at(path));
          try {
            return work.run(worker, held);
          } finally {
            names.unpin(held);
          }
        });
  }

  /** Does the work on the last name of {@code path}. */
  int onName(long path, NameWork work) {
    return answer(
        worker -> {
          PathNames names = PathNames.at(path);
          Held directory = this.names.findDirectory(worker, names);
          try {
            return work.run(worker, directory, names.last());
          } finally {
            this.names.unpin(directory);
          }
        });
  }
}
