package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import io.strata.posix.XattrCalls;
import org.jspecify.annotations.Nullable;

/**
 * Where a file of a backing directory is reached: a name in an open directory, or, with an empty
 * name, what an O_PATH descriptor itself holds. Nothing here follows a symbolic link.
 *
 * <p>Valid while the caller holds the lock under which it was made: the descriptor is borrowed.
 *
 * @param overrides whether {@link OverrideStat} says more of the file than the file system, and
 *     takes what that refuses
 * @param links says so of symbolic links, fifos and sockets; null where nothing does
 */
record Place(
    Posix posix, int descriptor, byte[] name, boolean overrides, @Nullable LinkOwners links) {
  static final byte[] SELF = new byte[0];

  Place(Posix posix, int descriptor, byte[] name) {
    this(posix, descriptor, name, false, null);
  }

  Place(Posix posix, int descriptor, byte[] name, boolean overrides) {
    this(posix, descriptor, name, overrides, null);
  }

  /** The same, where overrides count. */
  Place overriding(boolean counts) {
    return new Place(posix, descriptor, name, counts, null);
  }

  /** The same, where overrides count and the owners of links are kept. */
  Place overriding(boolean counts, @Nullable LinkOwners owners) {
    return new Place(posix, descriptor, name, counts, owners);
  }

  /** What {@code descriptor} holds. */
  static Place self(Posix posix, int descriptor) {
    return new Place(posix, descriptor, SELF);
  }

  /** Whether it is what the descriptor holds. */
  boolean isSelf() {
    return name.length == 0;
  }

  private int emptyPath() {
    return isSelf() ? NameCalls.AT_EMPTY_PATH : 0;
  }

  /** A path to what the descriptor holds: where there is no name. */
  byte[] path() {
    return XattrCalls.pathOf(descriptor);
  }

  void stat(Stat stat) throws ErrnoException {
    realStat(stat);
    if (links != null && isBare(stat)) {
      links.show(stat);
      return;
    }
    OverrideStat override = overrides ? override(stat) : null;
    if (override != null) {
      override.show(stat);
    }
  }

  /** What the file system says, whatever overrides it. */
  void realStat(Stat stat) throws ErrnoException {
    posix.names().stat(descriptor, name, emptyPath(), stat);
  }

  /** Whether user.* attributes can't stand on such a file. */
  private static boolean isBare(Stat real) {
    return !real.isRegular() && !real.isDirectory();
  }

  /** Records of which file this is a copy, where no attribute takes that; else nothing happens. */
  void recordOriginBeside(byte[] origin) throws ErrnoException {
    Stat real = new Stat();
    realStat(real);
    if (links != null && isBare(real)) {
      links.recordOrigin(this, real, origin);
    }
  }

  /** What {@link #recordOriginBeside} recorded of the file with this number, or null. */
  byte @Nullable [] originBeside(long inode) {
    return links == null ? null : links.origin(inode);
  }

  /** What overrides the attributes that the file system gives, or null. */
  private @Nullable OverrideStat override(Stat real) throws ErrnoException {
    if (isBare(real)) {
      return null;
    }
    byte[] value = xattr(OverrideStat.NAME);
    return value == null ? null : OverrideStat.parse(value, real.type());
  }

  /** Whether something overrides the attributes that the file system gives. */
  boolean isOverridden() throws ErrnoException {
    return overrides && currentOverride() != null;
  }

  private @Nullable OverrideStat currentOverride() throws ErrnoException {
    Stat real = new Stat();
    realStat(real);
    return override(real);
  }

  /** Records what the file is to be shown as. */
  void setOverride(OverrideStat override) throws ErrnoException {
    realChmod(override.realMode());
    setXattr(OverrideStat.NAME, override.format(), 0);
  }

  /** Opens with {@code flags} of O_...; the caller closes what it gets. */
  int open(int flags) throws ErrnoException {
    NameCalls names = posix.names();
    return isSelf()
        ? names.open(NameCalls.AT_FDCWD, path(), flags, 0)
        : names.open(descriptor, name, flags | NameCalls.O_NOFOLLOW, 0);
  }

  /** An ACL was set, which has changed the file's own permissions. */
  void overrideByAcl() throws ErrnoException {
    if (overrides) {
      Stat real = new Stat();
      realStat(real);
      OverrideStat override = override(real);
      if (override != null) {
        int permissions = override.mode() & 07000 | real.mode & 0777;
        setOverride(override.withPermissions(permissions));
      } else {
        keepReachable();
      }
    }
  }

  /** Never for a symbolic link: those have no mode of their own. */
  void chmod(int mode) throws ErrnoException {
    OverrideStat override = overrides ? overrideFor(mode) : null;
    if (override == null) {
      realChmod(mode);
    } else {
      setOverride(override.withPermissions(mode));
    }
  }

  private @Nullable OverrideStat overrideFor(int mode) throws ErrnoException {
    Stat real = new Stat();
    realStat(real);
    OverrideStat override = override(real);
    return override == null && shutsOut(real, mode) ? OverrideStat.of(real) : override;
  }

  /** Whether this process, as the owner, could not go on with such a mode. */
  private boolean shutsOut(Stat real, int mode) {
    return (real.isRegular() || real.isDirectory())
        && OverrideStat.isNeeded(real.type() | mode)
        && posix.processes().effectiveUser() != 0;
  }

  /** Keeps a mode that it was made with, or got by an ACL, as an override if it shuts us out. */
  void keepReachable() throws ErrnoException {
    if (overrides) {
      Stat real = new Stat();
      realStat(real);
      if (shutsOut(real, real.mode) && override(real) == null) {
        setOverride(OverrideStat.of(real));
      }
    }
  }

  /** Changes the mode that the file system has. */
  void realChmod(int mode) throws ErrnoException {
    if (isSelf()) {
      posix.names().chmod(NameCalls.AT_FDCWD, path(), mode);
    } else {
      posix.names().chmod(descriptor, name, mode);
    }
  }

  void chown(int uid, int gid) throws ErrnoException {
    if (!overrides) {
      realChown(uid, gid);
      return;
    }
    Stat real = new Stat();
    realStat(real);
    if (isOwnedElsewhere(real)) {
      overrideOwner(real, uid, gid);
      return;
    }
    try {
      realChown(uid, gid);
    } catch (ErrnoException e) {
      if (!isRefusal(e) || !overrideOwner(real, uid, gid)) {
        throw e;
      }
    }
  }

  private void realChown(int uid, int gid) throws ErrnoException {
    posix.names().chown(descriptor, name, uid, gid, emptyPath());
  }

  private boolean isOwnedElsewhere(Stat real) throws ErrnoException {
    return isBare(real) ? links != null && links.knows(real.inode) : override(real) != null;
  }

  /** Records another owner than the file system's; false for a file of which nothing can be. */
  private boolean overrideOwner(Stat real, int uid, int gid) throws ErrnoException {
    if (isBare(real)) {
      if (links != null) {
        links.record(this, real, uid, gid);
      }
      return links != null;
    }
    OverrideStat override = override(real);
    setOverride((override == null ? OverrideStat.of(real) : override).withOwner(uid, gid));
    return true;
  }

  /** The caller may not (EPERM), or its user namespace has no such id (EINVAL, EOVERFLOW). */
  private static boolean isRefusal(ErrnoException e) {
    return e.errno() == Errno.EPERM || e.errno() == Errno.EINVAL || e.errno() == Errno.EOVERFLOW;
  }

  void setTimes(long accessSeconds, long accessNanos, long modifySeconds, long modifyNanos)
      throws ErrnoException {
    posix
        .names()
        .setTimes(
            descriptor, name, emptyPath(), accessSeconds, accessNanos, modifySeconds, modifyNanos);
  }

  byte[] readLink() throws ErrnoException {
    return posix.names().readlink(descriptor, name);
  }

  void truncate(long size) throws ErrnoException {
    int fd = open(NameCalls.O_WRONLY);
    try {
      posix.files().ftruncate(fd, size);
    } finally {
      posix.files().close(fd);
    }
  }

  /** Makes a hard link to it. */
  void link(int directory, byte[] newName) throws ErrnoException {
    if (isSelf()) {
      posix
          .names()
          .link(NameCalls.AT_FDCWD, path(), directory, newName, NameCalls.AT_SYMLINK_FOLLOW);
    } else {
      posix.names().link(descriptor, name, directory, newName, 0);
    }
  }

  /** The attribute's value, or null where there is none or the file can have none. */
  byte @Nullable [] xattr(byte[] attribute) throws ErrnoException {
    return PlaceXattrs.value(this, attribute);
  }

  /** The names of all attributes, each with its NUL; none where there can be none. */
  byte[] xattrNames() throws ErrnoException {
    return PlaceXattrs.names(this);
  }

  /** Sets an attribute; {@code flags} are those of setxattr(2). */
  void setXattr(byte[] attribute, byte[] value, int flags) throws ErrnoException {
    PlaceXattrs.set(this, attribute, value, flags);
  }

  void removeXattr(byte[] attribute) throws ErrnoException {
    PlaceXattrs.remove(this, attribute);
  }
}
