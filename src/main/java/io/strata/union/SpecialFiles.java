package io.strata.union;

import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;

/**
 * Makes device files, fifos and sockets; where the server may not, or could not give them their
 * owner later, an empty file that is shown as one.
 */
record SpecialFiles(Posix posix, boolean overrides) {
  static boolean is(int mode) {
    int type = mode & Stat.S_IFMT;
    return isDevice(mode) || type == Stat.S_IFIFO || type == Stat.S_IFSOCK;
  }

  private static boolean isDevice(int mode) {
    int type = mode & Stat.S_IFMT;
    return type == Stat.S_IFBLK || type == Stat.S_IFCHR;
  }

  /**
   * Makes one.
   *
   * @param at a name that is free and that nobody sees
   * @param natural whether it is to belong to whom it does without more ado
   */
  void make(Place at, int mode, long device, boolean natural) throws ErrnoException {
    if (!overrides || (natural && !isDevice(mode))) {
      posix.names().mknod(at.descriptor(), at.name(), mode, device);
      return;
    }
    posix.names().mknod(at.descriptor(), at.name(), Stat.S_IFREG | 0600, 0);
    Stat made = new Stat();
    at.stat(made);
    int major = Stat.majorOf(device);
    int minor = Stat.minorOf(device);
    at.setOverride(new OverrideStat(made.uid, made.gid, mode, major, minor));
  }
}
