package io.strata.fuse.libfuse;

import io.strata.fuse.Entry;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.util.function.IntSupplier;

/** The callbacks that make, move and remove names. */
final class NameOperations {
  private final Served served;
  private final IntSupplier umask;

  /** {@code umask} gives that of the caller of the request being served. */
  NameOperations(Served served, IntSupplier umask) {
    this.served = served;
    this.umask = umask;
  }

  int mknod(long path, int mode, long device) {
    return served.onName(
        path,
        (worker, directory, name) -> {
          refuseHidden(directory, name);
          Entry entry = worker.entry();
          served
              .fileSystem()
              .makeNode(worker, directory.node, name, mode, umask.getAsInt(), device, entry);
          return remember(directory, name, entry);
        });
  }

  int mkdir(long path, int mode) {
    return served.onName(
        path,
        (worker, directory, name) -> {
          refuseHidden(directory, name);
          Entry entry = worker.entry();
          served
              .fileSystem()
              .makeDirectory(worker, directory.node, name, mode, umask.getAsInt(), entry);
          return remember(directory, name, entry);
        });
  }

  int symlink(long target, long path) {
    return served.onName(
        path,
        (worker, directory, name) -> {
          refuseHidden(directory, name);
          Entry entry = worker.entry();
          served
              .fileSystem()
              .symlink(worker, directory.node, name, NativeMemory.string(target), entry);
          return remember(directory, name, entry);
        });
  }

  int link(long path, long newPath) {
    return served.onNode(
        path,
        (worker, held) -> {
          PathNames names = PathNames.at(newPath);
          Held directory = served.names().findDirectory(worker, names);
          try {
            refuseHidden(directory, names.last());
            Entry entry = worker.entry();
            served.fileSystem().link(worker, held.node, directory.node, names.last(), entry);
            return remember(directory, names.last(), entry);
          } finally {
            served.names().unpin(directory);
          }
        });
  }

  private int remember(Held directory, byte[] name, Entry entry) {
    served.names().unpin(served.names().adopt(directory, name, entry.node));
    return 0;
  }

  /** A name under which libfuse keeps a removed file can't be made until that is closed. */
  void refuseHidden(Held directory, byte[] name) throws ErrnoException {
    if (isHidden(directory, name)) {
      throw ErrnoException.of(Errno.EBUSY);
    }
  }

  int unlink(long path) {
    return served.onName(
        path,
        (worker, directory, name) -> {
          if (!isHidden(directory, name)) {
            served.fileSystem().unlink(worker, directory.node, name);
          }
          served.names().remove(directory, name);
          return 0;
        });
  }

  private boolean isHidden(Held directory, byte[] name) {
    Held held = served.names().remembered(directory, name);
    if (held == null) {
      return false;
    }
    boolean hidden = served.names().isHidden(held);
    served.names().unpin(held);
    return hidden;
  }

  int rmdir(long path) {
    return served.onName(
        path,
        (worker, directory, name) -> {
          served.fileSystem().removeDirectory(worker, directory.node, name);
          served.names().remove(directory, name);
          return 0;
        });
  }

  int rename(long path, long newPath) {
    return served.onName(
        path,
        (worker, directory, name) -> {
          PathNames names = PathNames.at(newPath);
          Held newDirectory = served.names().findDirectory(worker, names);
          try {
            if (HiddenName.isOne(names.last(), worker)) {
              return hide(worker, directory, name, newDirectory, names.last());
            }
            refuseHidden(newDirectory, names.last());
            served
                .fileSystem()
                .rename(worker, directory.node, name, newDirectory.node, names.last(), 0);
            served.names().move(directory, name, newDirectory, names.last());
            return 0;
          } finally {
            served.names().unpin(newDirectory);
          }
        });
  }

  /** libfuse puts an open file aside: it is about to be removed, or replaced by a rename. */
  private int hide(Worker worker, Held directory, byte[] name, Held newDirectory, byte[] hiddenName)
      throws ErrnoException {
    Held held = served.names().child(worker, directory, name);
    try {
      if (worker.opcode() == Opcode.UNLINK) {
        served.fileSystem().unlink(worker, directory.node, name);
      }
      served.names().hide(held, newDirectory, hiddenName);
      return 0;
    } finally {
      served.names().unpin(held);
    }
  }
}
