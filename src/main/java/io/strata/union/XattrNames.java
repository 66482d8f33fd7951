package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import java.util.Arrays;
import java.util.List;

/** Which names of extended attributes a file may have, as a local disk has it (xattr(7)). */
final class XattrNames {
  private static final List<byte[]> NAMESPACES =
      List.of(
          OverlayXattrs.bytes("user."),
          OverlayXattrs.bytes("trusted."),
          OverlayXattrs.bytes("security."));

  private XattrNames() {}

  /**
   * Refuses a name that none can have.
   *
   * @throws ErrnoException EOPNOTSUPP for another namespace, EINVAL for a namespace alone
   */
  static void check(byte[] name) throws ErrnoException {
    for (byte[] namespace : NAMESPACES) {
      if (OverlayXattrs.startsWith(name, namespace)) {
        if (name.length == namespace.length) {
          throw ErrnoException.of(Errno.EINVAL);
        }
        return;
      }
    }
    if (!isAcl(name)) {
      throw ErrnoException.of(Errno.EOPNOTSUPP);
    }
  }

  static boolean isAcl(byte[] name) {
    return Arrays.equals(name, Acl.ACCESS) || Arrays.equals(name, Acl.DEFAULT);
  }
}
