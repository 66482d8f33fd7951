package io.strata.union;

import static io.strata.fuse.AttributeChange.FATTR_ATIME;
import static io.strata.fuse.AttributeChange.FATTR_ATIME_NOW;
import static io.strata.fuse.AttributeChange.FATTR_FH;
import static io.strata.fuse.AttributeChange.FATTR_GID;
import static io.strata.fuse.AttributeChange.FATTR_KILL_SUIDGID;
import static io.strata.fuse.AttributeChange.FATTR_MODE;
import static io.strata.fuse.AttributeChange.FATTR_MTIME;
import static io.strata.fuse.AttributeChange.FATTR_MTIME_NOW;
import static io.strata.fuse.AttributeChange.FATTR_SIZE;
import static io.strata.fuse.AttributeChange.FATTR_UID;

import io.strata.fuse.AttributeChange;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;

/** Changes size, owner, mode and times of files, which are copied up for it. */
final class AttributeChanges {
  private static final int S_IXGRP = 0010;
  private static final int CHANGES =
      FATTR_SIZE
          | FATTR_UID
          | FATTR_GID
          | FATTR_MODE
          | FATTR_ATIME
          | FATTR_ATIME_NOW
          | FATTR_MTIME
          | FATTR_MTIME_NOW;

  private final Tree tree;
  private final Posix posix;
  private final CopyUp copyUp;
  private final HandleTable<FileHandle> handles;

  AttributeChanges(Tree tree, CopyUp copyUp, HandleTable<FileHandle> handles) {
    this.tree = tree;
    this.posix = tree.posix;
    this.copyUp = copyUp;
    this.handles = handles;
  }

  /** Called without the name lock. */
  void apply(Request request, Node node, AttributeChange change) throws ErrnoException {
    boolean resizes = change.has(FATTR_SIZE);
    if ((change.valid & CHANGES) != 0) {
      Protection.checkChange(node);
    }
    if (resizes && change.size < 0) {
      throw ErrnoException.of(Errno.EINVAL);
    }
    if (resizes) {
      copyUp.ensure(request, node, change.size);
    } else {
      copyUp.ensureMetadata(request, node);
    }
    copyUp.lockSettled(node);
    try {
      Place place = tree.upper().place(node);
      if (resizes) {
        resize(node, place, change);
      }
      changeOwner(place, change);
      if (change.has(FATTR_MODE)) {
        changeMode(node, place, change.mode);
      } else if (change.has(FATTR_KILL_SUIDGID) && !node.isDirectory() && !node.isLink()) {
        dropPrivileges(request, node, place);
      }
      changeTimes(place, change);
      if ((change.valid & CHANGES) == 0) {
        changeNothing(request, node, place);
      }
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  /**
   * What the kernel asks for on behalf of a writer whose data goes past us, and of a chown(2) with
   * nothing to change: they can't be told apart. Both set the time of change.
   */
  private static void changeNothing(Request request, Node node, Place place) throws ErrnoException {
    place.chown(-1, -1);
    if (node.isRegular()) {
      dropPrivileges(request, node, place);
    }
  }

  private void resize(Node node, Place place, AttributeChange change) throws ErrnoException {
    if (change.has(FATTR_FH)) {
      FileHandle handle = handles.get(change.handle);
      if (handle.node() == node && handle.isWritable()) {
        posix.files().ftruncate(handle.descriptor(), change.size);
        return;
      }
    }
    place.truncate(change.size);
  }

  private static void changeOwner(Place place, AttributeChange change) throws ErrnoException {
    if (change.has(FATTR_UID) || change.has(FATTR_GID)) {
      int uid = change.has(FATTR_UID) ? change.uid : -1;
      int gid = change.has(FATTR_GID) ? change.gid : -1;
      place.chown(uid, gid);
    }
  }

  private static void changeMode(Node node, Place place, int mode) throws ErrnoException {
    if (node.isLink()) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
    place.chmod(mode & 07777);
  }

  private static void changeTimes(Place place, AttributeChange change) throws ErrnoException {
    boolean access = change.has(FATTR_ATIME) || change.has(FATTR_ATIME_NOW);
    boolean modify = change.has(FATTR_MTIME) || change.has(FATTR_MTIME_NOW);
    if (access || modify) {
      place.setTimes(
          change.accessSeconds,
          nanos(access, change.has(FATTR_ATIME_NOW), change.accessNanos),
          change.modifySeconds,
          nanos(modify, change.has(FATTR_MTIME_NOW), change.modifyNanos));
    }
  }

  private static long nanos(boolean set, boolean now, int nanos) {
    if (!set) {
      return NameCalls.UTIME_OMIT;
    }
    return now ? NameCalls.UTIME_NOW : nanos;
  }

  /** What the kernel does when somebody without CAP_FSETID changes a file's data. */
  static void dropPrivileges(Request request, Node node, Place place) throws ErrnoException {
    Stat stat = new Stat();
    place.stat(stat);
    int drop = stat.mode & Stat.S_ISUID;
    if (losesSetgid(request, stat)) {
      drop |= Stat.S_ISGID;
    }
    if (drop != 0) {
      place.chmod(stat.mode & 07777 & ~drop);
    }
    if (!node.hasNoCapability() && place.xattr(KeptMetadata.CAPABILITY) != null) {
      place.removeXattr(KeptMetadata.CAPABILITY);
    }
  }

  /** The rule of setattr_should_drop_sgid() in fs/attr.c. */
  private static boolean losesSetgid(Request request, Stat stat) {
    return (stat.mode & Stat.S_ISGID) != 0
        && ((stat.mode & S_IXGRP) != 0 || !CallerRights.mayKeepSetgid(request, stat.gid));
  }
}
