package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The owners that the server can't give symbolic links, and the origins of their copies. {@link
 * OverrideStat} and overlay.origin can't stand on a link, as it takes no user.* attributes. So each
 * such link has one more name, in the directory {@code links} beside the work directory: {@code
 * INODE:UID:GID} or {@code INODE:UID:GID:ORIGIN}, in decimal and the origin in hexadecimal. It
 * holds the inode, so that no other file gets its number, and goes with the last of the other
 * names. Fifos and sockets are no better off, and treated alike.
 *
 * <p>Thread-safe: its own lock, held while a name is made, under which no other is taken.
 */
final class LinkOwners implements AutoCloseable {
  /**
   * An owner, under the name that says so.
   *
   * @param origin in hexadecimal; empty where nothing is said of it
   */
  private record Owner(long inode, int uid, int gid, String origin) {
    static Owner parse(Name name) {
      String[] fields = name.toString().split(":", -1);
      if (fields.length != 3 && fields.length != 4) {
        throw new NumberFormatException();
      }
      int uid = Integer.parseUnsignedInt(fields[1]);
      int gid = Integer.parseUnsignedInt(fields[2]);
      String origin = fields.length == 4 ? fields[3] : "";
      return new Owner(Long.parseUnsignedLong(fields[0]), uid, gid, origin);
    }

    byte[] name() {
      String owner =
          String.join(
              ":",
              Long.toUnsignedString(inode),
              Integer.toUnsignedString(uid),
              Integer.toUnsignedString(gid));
      return (origin.isEmpty() ? owner : owner + ":" + origin).getBytes(US_ASCII);
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
    String origin = old == null ? "" : old.origin();
    replace(
        link, old, new Owner(real.inode, uid == -1 ? user : uid, gid == -1 ? group : gid, origin));
  }

  /** Records of which file a link is a copy, in one step; see {@link Origin#encode}. */
  synchronized void recordOrigin(Place link, Stat real, byte[] origin) throws ErrnoException {
    Owner old = owners.get(real.inode);
    int user = old == null ? real.uid : old.uid();
    int group = old == null ? real.gid : old.gid();
    replace(link, old, new Owner(real.inode, user, group, HexFormat.of().formatHex(origin)));
  }

  private void replace(Place link, @Nullable Owner old, Owner owner) throws ErrnoException {
    if (old == null) {
      link.link(directory, owner.name());
    } else if (!old.equals(owner)) {
      posix.names().rename(directory, old.name(), directory, owner.name(), 0);
    }
    owners.put(owner.inode(), owner);
  }

  /** What {@link #recordOrigin} recorded; null where it did not. */
  synchronized byte @Nullable [] origin(long inode) {
    Owner owner = owners.get(inode);
    try {
      return owner == null || owner.origin().isEmpty()
          ? null
          : HexFormat.of().parseHex(owner.origin());
    } catch (IllegalArgumentException e) {
      return null; // none of ours
    }
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
