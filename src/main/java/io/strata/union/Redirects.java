package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.io.ByteArrayOutputStream;

/**
 * Records where below something has its lower part, before it gets another name: overlay.redirect
 * of directories and of files of which only the metadata is in the upper. Always as a path from the
 * root, which stays right wherever it is moved, and for each name of a file.
 *
 * <p>Called under the exclusive name lock.
 */
final class Redirects {
  private Redirects() {}

  /** Whether a node finds its lower part by name, and so must not be moved without a record. */
  static boolean isNeeded(Node node) {
    return node.isDirectory()
        ? !node.lowers.isEmpty()
        : node.isRegular() && node.inUpper && !node.dataInUpper && !node.links.isEmpty();
  }

  /** Records it for a node that is reached at {@code place}. */
  static void record(Upper upper, Node node, Place place) throws ErrnoException {
    if (node.redirect != null && node.redirect[0] == '/') {
      return;
    }
    byte[] path = lowerPath(node);
    try {
      place.setXattr(upper.xattrs().redirect(), path, 0);
    } catch (ErrnoException e) {
      boolean tooLong =
          e.errno() == Errno.E2BIG || e.errno() == Errno.ERANGE || e.errno() == Errno.ENOSPC;
      throw tooLong ? ErrnoException.of(Errno.EXDEV) : e; // mv copies then
    }
    node.redirect = path;
  }

  /** A node's path in the layers below, from the root. */
  private static byte[] lowerPath(Node node) {
    byte[] redirect = node.redirect;
    if (redirect != null && redirect[0] == '/') {
      return redirect;
    }
    Node.Link link = node.link();
    if (link == null) {
      return Place.SELF;
    }
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    path.writeBytes(lowerPath(link.parent()));
    path.write('/');
    path.writeBytes(redirect != null ? redirect : link.name().bytes());
    return path.toByteArray();
  }
}
