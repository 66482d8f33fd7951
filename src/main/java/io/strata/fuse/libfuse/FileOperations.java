package io.strata.fuse.libfuse;

import io.strata.fuse.Entry;
import io.strata.fuse.Opened;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntSupplier;

/** The callbacks on files and their openings. */
final class FileOperations {
  private static final int FUSE_WRITE_CACHE = 1; // linux/fuse.h

  private final Served served;
  private final NameOperations names;
  private final IntSupplier umask;

  FileOperations(Served served, NameOperations names, IntSupplier umask) {
    this.served = served;
    this.names = names;
    this.umask = umask;
  }

  int open(long path, long info) {
    return served.onNode(
        path,
        (worker, held) -> {
          FileInfo file = new FileInfo(info);
          Opened opened = worker.opened();
          served.fileSystem().open(worker, held.node, file.flags(), opened);
          return answer(file, held, opened);
        });
  }

  int create(long path, int mode, long info) {
    return served.onName(
        path,
        (worker, directory, name) -> {
          names.refuseHidden(directory, name);
          FileInfo file = new FileInfo(info);
          Entry entry = worker.entry();
          Opened opened = worker.opened();
          served
              .fileSystem()
              .create(
                  worker,
                  directory.node,
                  name,
                  file.flags(),
                  mode,
                  umask.getAsInt(),
                  entry,
                  opened);
          Held held = served.names().adopt(directory, name, entry.node);
          try {
            return answer(file, held, opened);
          } finally {
            served.names().unpin(held);
          }
        });
  }

  /** Pages stay only where nothing changes: each name of a node has a page cache of its own. */
  private int answer(FileInfo info, Held held, Opened opened) {
    OpenFile file = new OpenFile(served.names().pinned(held), opened.handle, info.flags());
    info.answer(served.files().add(file), opened, served.features().readOnly());
    return 0;
  }

  int read(long target, long size, long offset, long info) {
    return served.answer(
        worker -> {
          OpenFile file = served.files().get(new FileInfo(info).number());
          int wanted = (int) Math.min(size, Integer.MAX_VALUE);
          int done = 0;
          int got;
          int chunk;
          do {
            chunk = Math.min(wanted - done, Worker.DATA_SIZE);
            got = read(worker, file, offset + done, chunk, target + done);
            done += got;
          } while (got == chunk && done < wanted);
          worker.counters.read(done);
          return done;
        });
  }

  private int read(Worker worker, OpenFile file, long offset, int size, long target)
      throws ErrnoException {
    int got =
        served
            .fileSystem()
            .read(worker, file.held().node, file.handle(), offset, size, worker.data, 0);
    NativeMemory.copy(worker.data.address(), target, got);
    return got;
  }

  int write(long source, long size, long offset, long info) {
    return served.answer(
        worker -> {
          FileInfo file = new FileInfo(info);
          OpenFile open = served.files().get(file.number());
          NativeBuffer buffer = worker.request;
          long at = source - buffer.address();
          int length = (int) Math.min(size, Worker.REQUEST_SIZE);
          if (at < 0 || at + length > buffer.capacity()) {
            buffer = worker.data; // libfuse put it together elsewhere
            length = Math.min(length, Worker.DATA_SIZE);
            NativeMemory.copy(source, buffer.address(), length);
            at = 0;
          }
          int flags = file.fromPageCache() ? FUSE_WRITE_CACHE : 0;
          int done =
              served
                  .fileSystem()
                  .write(
                      worker,
                      open.held().node,
                      open.handle(),
                      offset,
                      buffer,
                      (int) at,
                      length,
                      flags);
          worker.counters.written(done);
          return done;
        });
  }

  int flush(long info) {
    return served.answer(
        worker -> {
          OpenFile file = served.files().get(new FileInfo(info).number());
          served.fileSystem().flush(worker, file.held().node, file.handle());
          return 0;
        });
  }

  int release(long info) {
    return served.answer(
        worker -> {
          OpenFile file = served.files().remove(new FileInfo(info).number());
          if (file != null) {
            served.fileSystem().release(file.held().node, file.handle(), file.flags());
            served.names().unpin(file.held());
          }
          return 0;
        });
  }

  int fsync(int dataOnly, long info) {
    return served.answer(
        worker -> {
          OpenFile file = served.files().get(new FileInfo(info).number());
          served.fileSystem().fsync(worker, file.held().node, file.handle(), dataOnly != 0);
          return 0;
        });
  }

  int fallocate(int mode, long offset, long length, long info) {
    return served.answer(
        worker -> {
          OpenFile file = served.files().get(new FileInfo(info).number());
          served
              .fileSystem()
              .allocate(worker, file.held().node, file.handle(), mode, offset, length);
          return 0;
        });
  }

  /**
   * On an open file or directory. libfuse does not say how much room there is at {@code data}, so
   * only commands are passed on whose argument has a known size.
   */
  int ioctl(int command, long info, long data) {
    return served.answer(
        worker -> {
          int size = IoctlArgument.size(command);
          OpenFile file = served.files().get(new FileInfo(info).number());
          ByteBuffer argument = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
          for (int at = 0; at < size; at += Integer.BYTES) {
            argument.putInt(at, NativeMemory.getInt(data + at));
          }
          int got = served.fileSystem().ioctl(worker, file.held().node, command, argument);
          for (int at = 0; at < got; at += Integer.BYTES) {
            NativeMemory.putInt(data + at, argument.getInt(at));
          }
          return 0;
        });
  }
}
