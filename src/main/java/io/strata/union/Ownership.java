package io.strata.union;

import io.strata.fuse.Request;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.ProcessCalls;
import io.strata.posix.Stat;

/**
 * Sees to it that new files belong to who asks for them.
 *
 * <p>For somebody else than the server's own user the calling thread becomes that user for the one
 * call (setfsuid(2)), so that a file never exists with a wrong owner, and setgid directories and
 * default ACLs do what they do everywhere.
 */
final class Ownership {
  /** What is done as somebody else. */
  interface Step {
    void run() throws ErrnoException;
  }

  private final ProcessCalls processes;
  private final int ownUser;
  private final int ownGroup;
  private final boolean privileged;
  private final boolean overrides;

  /**
   * For this process.
   *
   * @param overrides whether the upper keeps owners that it can't give
   */
  Ownership(Posix posix, boolean overrides) {
    this.overrides = overrides;
    this.processes = posix.processes();
    this.ownUser = processes.effectiveUser();
    this.ownGroup = processes.effectiveGroup();
    this.privileged = ownUser == 0;
  }

  /**
   * Runs {@code step} as the caller.
   *
   * @return false when it could not be done that way: the caller's other groups, or a capability,
   *     would have allowed it. Nothing was made then
   */
  boolean as(Request request, Step step) throws ErrnoException {
    if (isOwn(request) || !(privileged || overrides)) {
      step.run();
      return true;
    }
    if (!privileged) {
      return false;
    }
    try {
      processes.setFileGroup(request.gid());
      processes.setFileUser(request.uid());
      step.run();
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EACCES || e.errno() == Errno.EPERM) {
        return false;
      }
      throw e;
    } finally {
      processes.setFileUser(ownUser);
      processes.setFileGroup(ownGroup);
    }
  }

  /** Whether the caller is whom the server's own files belong to. */
  boolean isOwn(Request request) {
    return request.uid() == ownUser && request.gid() == ownGroup;
  }

  /** Whether what is made belongs to whom it should without more ado. */
  boolean isNatural(Request request) {
    return privileged || isOwn(request);
  }

  /** Gives what was made elsewhere the owner and mode that it would have got in its directory. */
  void give(Request request, Place made, Place directory, int mode) throws ErrnoException {
    Stat above = new Stat();
    directory.stat(above);
    boolean inherits = (above.mode & Stat.S_ISGID) != 0;
    boolean isDirectory = (mode & Stat.S_IFMT) == Stat.S_IFDIR;
    Stat now = new Stat();
    made.stat(now); // an ACL that it inherited may have taken permissions away
    if (privileged || overrides) {
      made.chown(request.uid(), inherits ? above.gid : request.gid());
    } else if (inherits) {
      made.chown(-1, above.gid);
    }
    if ((mode & Stat.S_IFMT) != Stat.S_IFLNK) {
      int special = mode & 07000 | (inherits && isDirectory ? Stat.S_ISGID : 0);
      made.chmod(now.mode & 0777 | special);
    }
  }
}
