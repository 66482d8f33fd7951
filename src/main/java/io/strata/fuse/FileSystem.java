package io.strata.fuse;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import java.nio.ByteBuffer;

/**
 * A file system, by node. See the package for terms, the error rule, caching and locking.
 *
 * <p>Names come as bytes without NUL and never as {@code .}, {@code ..} or empty, except in {@link
 * #lookup} where {@link Features#export} was asked for. The caller's array is its own: a file
 * system that keeps a name copies it. Permission is checked by the kernel (default_permissions).
 *
 * <p>What a call gives goes into the object passed last; it comes cleared.
 */
public interface FileSystem {
  /** The root's node id (FUSE_ROOT_ID). */
  long ROOT = 1;

  /**
   * In the flags of {@link #open} and {@link #create}, with O_TRUNC: drop setuid and setgid as a
   * truncation by somebody without CAP_FSETID does (FUSE_OPEN_KILL_SUIDGID).
   */
  int OPEN_KILL_SUIDGID = 1 << 30;

  /**
   * In the flags of {@link #setXattr}, for system.posix_acl_access: drop setgid, because the caller
   * is not of the file's group (FUSE_SETXATTR_ACL_KILL_SGID).
   */
  int XATTR_ACL_KILL_SGID = 1 << 30;

  /** The same where nobody but the file system can tell: if the caller is not of the group. */
  int XATTR_ACL_CHECK_SGID = 1 << 29;

  /** What this file system wants of the transport; asked once, before {@link #start}. */
  Features features();

  /** Called once when the kernel and the transport have agreed, before any other operation. */
  void start(Connection connection);

  /** Called once when the mount is gone and no operation runs any more. */
  void stop();

  /**
   * Finds a name. Either throws ENOENT, or leaves {@link Entry#node} 0 with a lifetime to have the
   * kernel remember that the name is not there. The names {@code .} and {@code /} mean {@code
   * parent} itself, of any type, which the kernel may have forgotten.
   */
  void lookup(Request request, long parent, byte[] name, Entry entry) throws ErrnoException;

  /** Takes back {@code count} lookups of a node. */
  void forget(long node, long count);

  /**
   * Whether {@link #getAttributes} tells of some files when they were made. Else the kernel need
   * not ask for that.
   */
  default boolean tellsBirth() {
    return false;
  }

  /** {@code handle} is that of an opening where {@code hasHandle}. */
  void getAttributes(
      Request request, long node, boolean hasHandle, long handle, Attributes attributes)
      throws ErrnoException;

  /**
   * Changes attributes; gives the ones after the change. The kernel leaves it to the file system to
   * drop setuid, setgid and file capabilities (FUSE_HANDLE_KILLPRIV_V2): capabilities with every
   * change of owner or size, setuid and setgid with every change of owner, and with a change of
   * size only where FATTR_KILL_SUIDGID says so.
   */
  void setAttributes(Request request, long node, AttributeChange change, Attributes attributes)
      throws ErrnoException;

  /** The target of a symbolic link, without NUL. */
  byte[] readLink(Request request, long node) throws ErrnoException;

  void symlink(Request request, long parent, byte[] name, byte[] target, Entry entry)
      throws ErrnoException;

  /**
   * Makes a file that is no directory and no link.
   *
   * @param mode type and permissions; the umask is already applied unless {@link Features#posixAcl}
   *     was agreed
   * @param umask the caller's
   * @param device for device files, as {@code Stat.makeDevice}
   */
  void makeNode(
      Request request, long parent, byte[] name, int mode, int umask, long device, Entry entry)
      throws ErrnoException;

  void makeDirectory(Request request, long parent, byte[] name, int mode, int umask, Entry entry)
      throws ErrnoException;

  void unlink(Request request, long parent, byte[] name) throws ErrnoException;

  void removeDirectory(Request request, long parent, byte[] name) throws ErrnoException;

  /**
   * Renames.
   *
   * @param flags RENAME_NOREPLACE 1, RENAME_EXCHANGE 2, RENAME_WHITEOUT 4; EINVAL for what the file
   *     system does not know
   */
  void rename(Request request, long parent, byte[] name, long newParent, byte[] newName, int flags)
      throws ErrnoException;

  /** Gives a node one more name. */
  void link(Request request, long node, long newParent, byte[] newName, Entry entry)
      throws ErrnoException;

  /**
   * Opens a file.
   *
   * @param flags O_... as in open(2) without O_CREAT, O_EXCL, O_NOCTTY; with O_TRUNC the file is
   *     also cut to no bytes (FUSE_ATOMIC_O_TRUNC), perhaps with {@link #OPEN_KILL_SUIDGID}
   */
  void open(Request request, long node, int flags, Opened opened) throws ErrnoException;

  /**
   * Makes and opens a regular file; one that is there is opened, unless flags hold O_EXCL. When the
   * answer can't be delivered, the transport releases the handle and forgets the entry.
   */
  void create(
      Request request,
      long parent,
      byte[] name,
      int flags,
      int mode,
      int umask,
      Entry entry,
      Opened opened)
      throws ErrnoException;

  /** Makes and opens a file without a name (O_TMPFILE); ENOTSUP-like errnos where it can't be. */
  void createUnnamed(
      Request request, long parent, int flags, int mode, int umask, Entry entry, Opened opened)
      throws ErrnoException;

  /**
   * Reads.
   *
   * @param target takes the bytes from {@code targetOffset} on
   * @param size how many are wanted at the most
   * @return how many were read: fewer than {@code size} only at the end of the file
   */
  int read(
      Request request,
      long node,
      long handle,
      long offset,
      int size,
      NativeBuffer target,
      int targetOffset)
      throws ErrnoException;

  /**
   * Writes.
   *
   * @param flags FUSE_WRITE_CACHE 1 (from the page cache: no particular caller),
   *     FUSE_WRITE_KILL_SUIDGID 4 (drop setuid, and setgid where the group may execute); file
   *     capabilities are dropped by every write
   * @return how many bytes were written
   */
  int write(
      Request request,
      long node,
      long handle,
      long offset,
      NativeBuffer source,
      int sourceOffset,
      int size,
      int flags)
      throws ErrnoException;

  /** A descriptor of the opening is closed; others may remain. ENOSYS: never ask again. */
  void flush(Request request, long node, long handle) throws ErrnoException;

  /** The last descriptor is closed: the handle ends. */
  void release(long node, long handle, int flags);

  void fsync(Request request, long node, long handle, boolean dataOnly) throws ErrnoException;

  /**
   * Opens a directory. ENOSYS: never ask again; directories are then read without a handle, and the
   * kernel caches what they hold.
   */
  void openDirectory(Request request, long node, int flags, Opened opened) throws ErrnoException;

  /**
   * Puts the directory's entries, {@code .} and {@code ..} among them, into the sink. What was
   * added before a failure counts: the kernel gets it, and the failure when it asks on from there.
   *
   * @param offset 0, or what an entry gave as its {@code next}
   */
  void readDirectory(Request request, long node, long handle, long offset, DirectorySink sink)
      throws ErrnoException;

  void releaseDirectory(long node, long handle);

  void fsyncDirectory(Request request, long node, long handle, boolean dataOnly)
      throws ErrnoException;

  void statFs(Request request, long node, StatFs numbers) throws ErrnoException;

  /**
   * Reads an extended attribute.
   *
   * @param target takes the value from its position on, if it fits what remains
   * @return the value's length, also where it did not fit: the transport turns that into ERANGE.
   *     ENODATA where there is no such attribute
   */
  int getXattr(Request request, long node, byte[] name, ByteBuffer target) throws ErrnoException;

  /** Lists the names of extended attributes, each with its NUL; as {@link #getXattr}. */
  int listXattr(Request request, long node, ByteBuffer target) throws ErrnoException;

  /**
   * Sets an extended attribute to what remains in {@code value}.
   *
   * @param flags XATTR_CREATE 1, XATTR_REPLACE 2, perhaps with {@link #XATTR_ACL_KILL_SGID} or
   *     {@link #XATTR_ACL_CHECK_SGID}
   */
  void setXattr(Request request, long node, byte[] name, ByteBuffer value, int flags)
      throws ErrnoException;

  void removeXattr(Request request, long node, byte[] name) throws ErrnoException;

  /** For transports without default_permissions: R_OK 4, W_OK 2, X_OK 1. */
  void access(Request request, long node, int mask) throws ErrnoException;

  /** {@code fallocate(2)} with its FALLOC_FL flags. */
  void allocate(Request request, long node, long handle, int mode, long offset, long length)
      throws ErrnoException;

  /** SEEK_DATA 3 and SEEK_HOLE 4; ENXIO behind the end. */
  long seek(Request request, long node, long handle, long offset, int whence) throws ErrnoException;

  /** Copies between two openings of this file system; gives the bytes copied. */
  long copyRange(
      Request request,
      long sourceNode,
      long sourceHandle,
      long sourceOffset,
      long targetNode,
      long targetHandle,
      long targetOffset,
      long length)
      throws ErrnoException;

  /**
   * What the kernel leaves of ioctl(2) to the file system: inode flags, mainly.
   *
   * @param command as in linux/fs.h; ENOTTY for those that the file system does not know
   * @param argument what the caller gives, from position 0 on, and takes what the caller gets;
   *     little-endian
   * @return how many bytes of the argument the caller gets
   */
  default int ioctl(Request request, long node, int command, ByteBuffer argument)
      throws ErrnoException {
    throw ErrnoException.of(Errno.ENOTTY);
  }
}
