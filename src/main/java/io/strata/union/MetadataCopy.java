package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.util.Arrays;

/** Gives a copy the owner, mode, extended attributes and times of what it is a copy of. */
record MetadataCopy(UpperForm form) {
  /** From a lower file; records its origin. */
  void copy(Lower from, Place to, Origin origin) throws ErrnoException {
    Attributes attributes = new Attributes();
    from.attributes(attributes);
    to.chown(attributes.uid, attributes.gid); // first: it takes setuid away
    forEachName(from.xattrNames(), name -> set(to, name, from.xattr(name)));
    if (from.type() != Stat.S_IFLNK) {
      to.chmod(attributes.mode & 07777);
    }
    recordOrigin(origin, to);
    if (from.protection() != 0) {
      to.setXattr(form.xattrs().protection(), Protection.record(from.protection()), 0);
    }
    CopiedFlags.copy(from, to);
    to.setTimes(
        attributes.accessSeconds,
        attributes.accessNanos,
        attributes.modifySeconds,
        attributes.modifyNanos);
  }

  /** From a file of the upper, its marks but that of a metadata copy included. */
  void copyUpper(Place from, Place to) throws ErrnoException {
    Stat stat = new Stat();
    from.stat(stat);
    to.chown(stat.uid, stat.gid);
    forEachName(from.xattrNames(), name -> set(to, name, from.xattr(name)));
    byte[] origin = from.xattr(form.xattrs().origin());
    if (origin != null) {
      to.setXattr(form.xattrs().origin(), origin, 0);
    }
    to.chmod(stat.mode & 07777);
    to.setTimes(stat.accessSeconds, stat.accessNanos, stat.modifySeconds, stat.modifyNanos);
  }

  /** Takes a name. */
  private interface NameStep {
    void take(byte[] name) throws ErrnoException;
  }

  private void forEachName(byte[] names, NameStep step) throws ErrnoException {
    int from = 0;
    for (int at = 0; at < names.length; at++) {
      if (names[at] == 0) {
        byte[] name = Arrays.copyOfRange(names, from, at);
        if (!form.isPrivate(name)) {
          step.take(name);
        }
        from = at + 1;
      }
    }
  }

  private void set(Place to, byte[] name, byte @org.jspecify.annotations.Nullable [] value)
      throws ErrnoException {
    if (value == null) {
      return;
    }
    try {
      to.setXattr(name, value, 0);
    } catch (ErrnoException e) {
      if (!mayLose(e.errno())) {
        throw e;
      }
    }
  }

  /** The upper has no such kind of attribute, or who is no root may not set it. */
  private boolean mayLose(int errno) {
    return errno == Errno.EOPNOTSUPP
        || (form.overrides() && (errno == Errno.EPERM || errno == Errno.EINVAL));
  }

  /** Helps with st_ino after a remount; user.* attributes can't stand on every type. */
  private void recordOrigin(Origin origin, Place to) throws ErrnoException {
    try {
      to.setXattr(form.xattrs().origin(), origin.encode(), 0);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EPERM && e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      to.recordOriginBeside(origin.encode());
    }
  }
}
