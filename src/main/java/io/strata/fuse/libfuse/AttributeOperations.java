package io.strata.fuse.libfuse;

import io.strata.fuse.AttributeChange;
import io.strata.fuse.Attributes;
import io.strata.fuse.Entry;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import org.jspecify.annotations.Nullable;

/** The callbacks on attributes, and on links and the numbers of the whole file system. */
final class AttributeOperations {
  private static final int UTIME_NOW = (1 << 30) - 1; // linux/stat.h of the kernel
  private static final int UTIME_OMIT = (1 << 30) - 2;
  private static final int UNCHANGED = -1; // (uid_t) -1 of chown(2)

  private final Served served;

  AttributeOperations(Served served) {
    this.served = served;
  }

  int getattr(long path, long stat) {
    return served.answer(
        worker -> {
          PathNames names = PathNames.at(path);
          if (names.count() == 0) {
            return write(worker, stat, served.names().find(worker, names));
          }
          Held directory = served.names().findDirectory(worker, names);
          try {
            return getattr(worker, directory, names.last(), stat);
          } finally {
            served.names().unpin(directory);
          }
        });
  }

  private int getattr(Worker worker, Held directory, byte[] name, long stat) throws ErrnoException {
    Held held = served.names().remembered(directory, name);
    if (held != null) {
      return write(worker, stat, held);
    }
    Entry entry = worker.entry();
    served.fileSystem().lookup(worker, directory.node, name, entry);
    if (entry.node == 0) {
      throw ErrnoException.of(Errno.ENOENT);
    }
    served.names().unpin(served.names().adopt(directory, name, entry.node));
    worker.structures.writeStat(stat, entry.attributes, entry.attributes.linkCount);
    return 0;
  }

  /** Writes the attributes of {@code held}, which it unpins. */
  private int write(Worker worker, long stat, Held held) throws ErrnoException {
    try {
      boolean hidden = served.names().isHidden(held);
      if (hidden && worker.opcode() == Opcode.LOOKUP) {
        throw ErrnoException.of(Errno.ENOENT); // the name is libfuse's own, nobody else's
      }
      Attributes attributes = worker.attributes();
      served.fileSystem().getAttributes(worker, held.node, false, 0, attributes);
      write(worker, stat, attributes, hidden);
      return 0;
    } finally {
      served.names().unpin(held);
    }
  }

  /** For a hidden file, libfuse takes the link of its own name off again before it answers. */
  private static void write(Worker worker, long stat, Attributes from, boolean hidden) {
    int own = hidden && worker.opcode() == Opcode.GETATTR ? 1 : 0;
    worker.structures.writeStat(stat, from, from.linkCount + own);
  }

  int fgetattr(long stat, long info) {
    return served.answer(
        worker -> {
          OpenFile file = served.files().get(new FileInfo(info).number());
          Attributes attributes = worker.attributes();
          served
              .fileSystem()
              .getAttributes(worker, file.held().node, true, file.handle(), attributes);
          write(worker, stat, attributes, served.names().isHidden(file.held()));
          return 0;
        });
  }

  int chmod(long path, int mode) {
    return served.onNode(
        path,
        (worker, held) -> {
          AttributeChange change = worker.change(AttributeChange.FATTR_MODE);
          change.mode = mode;
          return apply(worker, held, change);
        });
  }

  int chown(long path, int uid, int gid) {
    return served.onNode(
        path,
        (worker, held) -> {
          AttributeChange change =
              worker.change(
                  (uid == UNCHANGED ? 0 : AttributeChange.FATTR_UID)
                      | (gid == UNCHANGED ? 0 : AttributeChange.FATTR_GID));
          change.uid = uid;
          change.gid = gid;
          return apply(worker, held, change);
        });
  }

  int truncate(long path, long size) {
    return served.onNode(path, (worker, held) -> truncate(worker, held, size, null));
  }

  int ftruncate(long size, long info) {
    return served.answer(
        worker -> {
          OpenFile file = served.files().get(new FileInfo(info).number());
          return truncate(worker, file.held(), size, file);
        });
  }

  private int truncate(Worker worker, Held held, long size, @Nullable OpenFile file)
      throws ErrnoException {
    AttributeChange change = worker.change(AttributeChange.FATTR_SIZE);
    change.size = size;
    if (file != null) {
      change.valid |= AttributeChange.FATTR_FH;
      change.handle = file.handle();
    }
    return apply(worker, held, change);
  }

  int utimens(long path, long times) {
    return served.onNode(
        path,
        (worker, held) -> {
          AttributeChange change = worker.change(0);
          int accessNanos = (int) NativeMemory.getLong(times + 8);
          int modifyNanos = (int) NativeMemory.getLong(times + 24);
          change.accessSeconds = NativeMemory.getLong(times);
          change.modifySeconds = NativeMemory.getLong(times + 16);
          change.accessNanos = accessNanos;
          change.modifyNanos = modifyNanos;
          change.valid =
              valid(accessNanos, AttributeChange.FATTR_ATIME, AttributeChange.FATTR_ATIME_NOW)
                  | valid(
                      modifyNanos, AttributeChange.FATTR_MTIME, AttributeChange.FATTR_MTIME_NOW);
          return apply(worker, held, change);
        });
  }

  private static int valid(int nanos, int flag, int now) {
    return switch (nanos) {
      case UTIME_OMIT -> 0;
      case UTIME_NOW -> flag | now;
      default -> flag;
    };
  }

  private int apply(Worker worker, Held held, AttributeChange change) throws ErrnoException {
    served.fileSystem().setAttributes(worker, held.node, change, worker.attributes());
    return 0;
  }

  int readlink(long path, long target, long size) {
    return served.onNode(
        path,
        (worker, held) -> {
          byte[] link = served.fileSystem().readLink(worker, held.node);
          int length = (int) Math.min(link.length, size - 1);
          NativeMemory.copy(link, length, target);
          NativeMemory.putByte(target + length, 0);
          return 0;
        });
  }

  int statfs(long path, long statvfs) {
    return served.onNode(
        path,
        (worker, held) -> {
          served.fileSystem().statFs(worker, held.node, worker.statFs());
          worker.structures.writeStatvfs(statvfs, worker.statFs());
          return 0;
        });
  }
}
