package io.strata.fuse.libfuse;

import io.strata.fuse.DirectorySink;
import io.strata.fuse.Entry;
import io.strata.fuse.Opened;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;

/** The callbacks on open directories. */
final class DirectoryOperations {
  private final Served served;

  DirectoryOperations(Served served) {
    this.served = served;
  }

  int opendir(long path, long info) {
    return served.onNode(
        path,
        (worker, held) -> {
          FileInfo file = new FileInfo(info);
          Opened opened = worker.opened();
          open(worker, held.node, file.flags(), opened);
          Held kept = served.names().pinned(held);
          long number = served.files().add(new OpenFile(kept, opened.handle, file.flags()));
          file.answer(number, opened, false);
          return 0;
        });
  }

  /** A file system that wants no opens gets handle 0. */
  private void open(Worker worker, long node, int flags, Opened opened) throws ErrnoException {
    try {
      served.fileSystem().openDirectory(worker, node, flags, opened);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOSYS) {
        throw e;
      }
      opened.clear();
    }
  }

  int readdir(long buffer, long filler, long offset, long info) {
    return served.answer(
        worker -> {
          OpenFile directory = served.files().get(new FileInfo(info).number());
          served
              .fileSystem()
              .readDirectory(
                  worker,
                  directory.held().node,
                  directory.handle(),
                  offset,
                  new Sink(new Filler(filler, buffer), worker));
          return 0;
        });
  }

  int releasedir(long info) {
    return served.answer(
        worker -> {
          OpenFile directory = served.files().remove(new FileInfo(info).number());
          if (directory != null) {
            served.fileSystem().releaseDirectory(directory.held().node, directory.handle());
            served.names().unpin(directory.held());
          }
          return 0;
        });
  }

  int fsyncdir(int dataOnly, long info) {
    return served.answer(
        worker -> {
          OpenFile directory = served.files().get(new FileInfo(info).number());
          served
              .fileSystem()
              .fsyncDirectory(worker, directory.held().node, directory.handle(), dataOnly != 0);
          return 0;
        });
  }

  /** Gives entries to libfuse one by one. */
  private record Sink(Filler filler, Worker worker) implements DirectorySink {
    @Override
    public boolean plus() {
      return false;
    }

    @Override
    public boolean add(byte[] name, int from, int length, long inode, int mode, long next) {
      long address = worker.data.address();
      worker.data.bytes().put(0, name, from, length).put(length, (byte) 0);
      return filler.add(address, worker.structures.entryStat(inode, mode), next);
    }

    @Override
    public boolean add(byte[] name, int from, int length, Entry entry, long next) {
      return add(name, from, length, entry.attributes.inode, entry.attributes.mode, next);
    }
  }
}
