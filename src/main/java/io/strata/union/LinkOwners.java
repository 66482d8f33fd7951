package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.ArrayList;
import java.util.List;

/**
 * The owners of symbolic links that the server can't give them. {@link OverrideStat} can't stand on
 * a link, as it takes no user.* attributes. So each such link has one more name, in the directory
 * {@code links} beside the work directory: {@code INODE:UID:GID}, in decimal. It holds the inode,
 * so that no other file gets its number, and goes with the last of the other names.
 *
 * <p>Thread-safe: its own lock, held while a name is made, under which no other is taken.
 */
final class LinkOwners implements AutoCloseable {
  /** An owner, under the name that says so. */
  private record Owner(long inode, int uid, int gid) {
    static Owner parse(Name name) {
      String[] fields = name.toString().split(":", -1);
      if (fields.length != 3) {
        throw new NumberFormatException();
      }
      int uid = Integer.parseUnsignedInt(fields[1]);
      return new Owner(Long.parseUnsignedLong(fields[0]), uid, Integer.parseUnsignedInt(fields[2]));
    }

    byte[] name() {
      return String.join(
              ":",
              Long.toUnsignedString(inode),
              Integer.toUnsignedString(uid),
              Integer.toUnsignedString(gid))
          .getBytes(US_ASCII);
    }
  }

  private final Posix posix;
  private final int directory;
  private final LongMap<Owner> owners = new LongMap<>(); // guarded by this

  /**
   * Reads what is recorded; of links that have gone meanwhile nothing stays.
   *
   * @param directory a descriptor, owned from now on, and given back where this fails
   */
  LinkOwners(Posix posix, int directory) throws ErrnoException {
    this.posix = posix;
    this.directory = directory;
    try {
      List<Name> names = new ArrayList<>();
      DirectoryReader.list(posix, directory, (name, type, inode, file) -> names.add(name));
      for (Name name : names) {
        read(name);
      }
    } catch (ErrnoException e) {
      posix.files().close(directory);
      throw e;
    }
  }

  private void read(Name name) throws ErrnoException {
    Stat stat = new Stat();
    posix.names().stat(directory, name.bytes(), 0, stat);
    try {
      Owner owner = Owner.parse(name);
      if (stat.linkCount > 1 && stat.inode == owner.inode()) {
        owners.put(owner.inode(), owner);
        return;
      }
    } catch (NumberFormatException e) {
      // none of ours, or cut off: what the name says counts for nothing
    }
    posix.names().unlink(directory, name.bytes());
  }

  /** Shows a link as it is to be seen, if there is anything to say of it. */
  synchronized void show(Stat stat) {
    Owner owner = owners.get(stat.inode);
    if (owner != null) {
      stat.uid = owner.uid();
      stat.gid = owner.gid();
      stat.linkCount--;
    }
  }

  synchronized boolean knows(long inode) {
    return owners.get(inode) != null;
  }

  /**
   * Records an owner, in one step.
   *
   * @param link the link, which has a name
   * @param real what its file system says of it
   * @param uid the user; -1 leaves it as it is
   * @param gid the group; -1 leaves it as it is
   */
  synchronized void record(Place link, Stat real, int uid, int gid) throws ErrnoException {
    Owner old = owners.get(real.inode);
    int user = old == null ? real.uid : old.uid();
    int group = old == null ? real.gid : old.gid();
    Owner owner = new Owner(real.inode, uid == -1 ? user : uid, gid == -1 ? group : gid);
    if (old == null) {
      link.link(directory, owner.name());
    } else if (!old.equals(owner)) {
      posix.names().rename(directory, old.name(), directory, owner.name(), 0);
    }
    owners.put(real.inode, owner);
  }

  /** The last name of a link went: nothing holds its inode any more. */
  synchronized void forget(long inode) throws ErrnoException {
    Owner owner = owners.get(inode);
    if (owner != null) {
      owners.remove(inode);
      unlink(owner.name());
    }
  }

  private void unlink(byte[] name) throws ErrnoException {
    try {
      posix.names().unlink(directory, name);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    posix.files().close(directory);
  }
}
