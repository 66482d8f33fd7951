package io.strata.union;

import io.strata.fuse.FileSystem;
import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import io.strata.posix.XattrCalls;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes of the union's files. Those of the upper's own format are nobody's business.
 *
 * <p>All methods are called without the name lock.
 */
final class Xattrs {
  private final Tree tree;
  private final CopyUp copyUp;

  Xattrs(Tree tree, CopyUp copyUp) {
    this.tree = tree;
    this.copyUp = copyUp;
  }

  int get(Node node, byte[] name, ByteBuffer target) throws ErrnoException {
    XattrNames.check(name);
    return XattrBuffers.putValue(value(node, name), target);
  }

  private boolean isPrivate(byte[] name) throws ErrnoException {
    return tree.isWritable() ? tree.upper().form().isPrivate(name) : OverlayXattrs.isOfFormat(name);
  }

  private byte @Nullable [] value(Node node, byte[] name) throws ErrnoException {
    if (isPrivate(name)) {
      return null;
    }
    return KeptMetadata.isCapability(name) ? capability(node) : stored(node, name);
  }

  private byte @Nullable [] capability(Node node) throws ErrnoException {
    if (node.hasNoCapability()) {
      return null;
    }
    int changes = node.xattrChanges();
    byte[] value = stored(node, KeptMetadata.CAPABILITY);
    if (value == null) {
      node.seenWithoutCapability(changes);
    }
    return value;
  }

  private byte @Nullable [] stored(Node node, byte[] name) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      KeptMetadata kept = node.kept;
      if (kept != null && KeptMetadata.isCapability(name)) {
        return kept.capability();
      }
      return node.inUpper ? tree.upper().place(node).xattr(name) : node.lower().xattr(name);
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  int list(Request request, Node node, ByteBuffer target) throws ErrnoException {
    return XattrBuffers.putNames(shown(names(node)), request.uid() == 0, target);
  }

  private byte[] names(Node node) throws ErrnoException {
    tree.lock.readLock().lock();
    try {
      return node.inUpper ? tree.upper().place(node).xattrNames() : node.lower().xattrNames();
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  private List<byte[]> shown(byte[] names) throws ErrnoException {
    List<byte[]> shown = new ArrayList<>();
    int from = 0;
    for (int at = 0; at < names.length; at++) {
      if (names[at] == 0) {
        byte[] name = Arrays.copyOfRange(names, from, at);
        if (!isPrivate(name)) {
          shown.add(OverlayXattrs.shown(name));
        }
        from = at + 1;
      }
    }
    return shown;
  }

  void set(Request request, Node node, byte[] name, ByteBuffer value, int flags)
      throws ErrnoException {
    checkSettable(name);
    Protection.checkChange(node);
    if ((flags & XattrCalls.XATTR_REPLACE) != 0 && value(node, name) == null) {
      throw ErrnoException.of(Errno.ENODATA);
    }
    byte[] bytes = new byte[value.remaining()];
    value.get(bytes);
    copyUp.ensureMetadata(request, node);
    copyUp.lockSettled(node);
    try {
      Place place = tree.upper().place(node);
      place.setXattr(name, bytes, flags & (XattrCalls.XATTR_CREATE | XattrCalls.XATTR_REPLACE));
      if (Arrays.equals(name, Acl.ACCESS)) {
        dropSetgid(request, place, flags);
        place.overrideByAcl();
      }
      node.defaultAcl = null;
    } finally {
      node.xattrChanged();
      tree.lock.readLock().unlock();
    }
  }

  /** The rule of posix_acl_update_mode() in fs/posix_acl.c. */
  private static void dropSetgid(Request request, Place place, int flags) throws ErrnoException {
    if ((flags & (FileSystem.XATTR_ACL_KILL_SGID | FileSystem.XATTR_ACL_CHECK_SGID)) == 0) {
      return;
    }
    Stat stat = new Stat();
    place.stat(stat);
    boolean isTold = (flags & FileSystem.XATTR_ACL_KILL_SGID) != 0;
    if ((stat.mode & Stat.S_ISGID) != 0
        && (isTold || !CallerRights.mayKeepSetgid(request, stat.gid))) {
      place.chmod(stat.mode & 07777 & ~Stat.S_ISGID);
    }
  }

  void remove(Request request, Node node, byte[] name) throws ErrnoException {
    checkSettable(name);
    Protection.checkChange(node);
    if (value(node, name) == null) { // no copy-up for nothing
      if (XattrNames.isAcl(name)) {
        return; // the mode says it all already
      }
      throw ErrnoException.of(Errno.ENODATA);
    }
    copyUp.ensureMetadata(request, node);
    copyUp.lockSettled(node);
    try {
      Place place = tree.upper().place(node);
      if (place.xattr(name) != null) { // else the copy did not get it: who is no root may not
        place.removeXattr(name);
      }
      node.defaultAcl = null;
    } finally {
      tree.lock.readLock().unlock();
    }
  }

  private void checkSettable(byte[] name) throws ErrnoException {
    tree.upper();
    XattrNames.check(name);
    if (isPrivate(name)) {
      throw ErrnoException.of(Errno.EPERM);
    }
  }
}
