package io.strata.union;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.Stat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what the lower layers show together under one name. Immutable. */
final class LowerMerge {
  private final List<Lower> roots;
  private final List<Lower> dataRoots;
  private final LayerIds unmarked;

  /**
   * Lower layers, each kind topmost first.
   *
   * @param roots the roots of those that show something
   * @param dataRoots of those below that only have data
   * @param unmarked of which layer origins are that have no mark
   */
  LowerMerge(List<Lower> roots, List<Lower> dataRoots, LayerIds unmarked) {
    this.roots = roots;
    this.dataRoots = dataRoots;
    this.unmarked = unmarked;
  }

  /** Of which layer origins are that have no mark. */
  LayerIds unmarked() {
    return unmarked;
  }

  /**
   * What {@code name} is in the merged directories {@code parents}: directories that are merged,
   * topmost first, or one file of another type; nothing if it is not there or hidden.
   */
  List<Lower> byName(List<Lower> parents, Name name) throws ErrnoException {
    return byName(parents, name, 0);
  }

  /** The same where the parents before {@code from} are known to lack the name. */
  List<Lower> byName(List<Lower> parents, Name name, int from) throws ErrnoException {
    if (isLowest(parents)) {
      Lower only = parents.getFirst().child(name);
      return only == null || only.isWhiteout() ? List.of() : List.of(only);
    }
    List<Lower> found = new ArrayList<>();
    Name wanted = name;
    for (int i = from; i < parents.size(); i++) {
      Lower child = parents.get(i).child(wanted);
      if (child == null) {
        continue;
      }
      if (found.isEmpty() && isMetacopy(child)) {
        return List.of(withData(child, parents.subList(i + 1, parents.size()), wanted));
      }
      if (!take(found, child)) {
        break;
      }
      byte[] redirect = child.redirect();
      if (redirect != null && isPath(redirect)) {
        found.addAll(byPath(rootsBelow(child), names(redirect)));
        break;
      }
      wanted = redirect != null ? checked(redirect) : wanted;
    }
    return found;
  }

  private static boolean isMetacopy(Lower file) throws ErrnoException {
    return file.type() == Stat.S_IFREG
        && layer(file) > 0
        && file.isMarked()
        && !file.isWhiteout()
        && (file.xattr(OverlayXattrs.PRIVILEGED.metacopy()) != null
            || file.xattr(OverlayXattrs.UNPRIVILEGED.metacopy()) != null);
  }

  /** Finds the data of a file that has only the metadata; EIO where it is lost. */
  private Lower withData(Lower metadata, List<Lower> below, Name name) throws ErrnoException {
    byte[] redirect = metadata.redirect();
    List<Lower> data =
        redirect == null
            ? byName(below, name)
            : isPath(redirect)
                ? byPath(rootsBelow(metadata), names(redirect))
                : byName(below, checked(redirect));
    if (data.isEmpty() && !dataRoots.isEmpty() && redirect != null && isPath(redirect)) {
      return new MetacopyLower(metadata, dataAlone(names(redirect)));
    }
    if (data.isEmpty() || data.getFirst().type() != Stat.S_IFREG) {
      throw ErrnoException.of(Errno.EIO);
    }
    return new MetacopyLower(metadata, data.getFirst());
  }

  /** The first file under a path in the layers that only have data; null where there is none. */
  private @Nullable Lower dataAlone(List<Name> path) throws ErrnoException {
    for (Lower root : dataRoots) {
      Lower at = root;
      for (Name name : path) {
        at = at == null || !at.isDirectory() ? null : at.child(name);
      }
      if (at != null && at.type() == Stat.S_IFREG) {
        return at;
      }
    }
    return null;
  }

  /** The generation of a layer, 0 where there is none of this number. */
  int generation(int layer) {
    Lower root = root(layer);
    return root == null ? 0 : root.generation();
  }

  /** What handles of a layer's files have as generation, 0 where there is none of this number. */
  int handleGeneration(int layer) {
    Lower root = root(layer);
    return root == null ? 0 : root.handleGeneration();
  }

  /** The st_ino in the union of the file of an origin. */
  long inode(Origin origin) {
    LayerIds ids =
        root(origin.layer()) instanceof DirectoryLower directory
            ? directory.layer().numbers().ids()
            : origin.ids();
    return ids.inode(origin.inode());
  }

  private @Nullable Lower root(int layer) {
    int at = roots.size() + dataRoots.size() - 1 - layer;
    return at < 0 || at >= roots.size() ? null : roots.get(at);
  }

  /**
   * What kernel overlayfs has recorded of a file that it copied up from a directory. It knows the
   * directory by its file system: where layers are on that which don't share their numbers, the
   * file counts only if it is still found by its name.
   *
   * @return null where that is not told
   */
  @Nullable Origin kernelOrigin(byte[] value, List<Lower> parents, Name name)
      throws ErrnoException {
    List<DirectoryLayer> candidates =
        directories().filter(layer -> Origin.isOn(value, layer.uuid())).toList();
    if (candidates.stream().map(DirectoryLayer::numbers).distinct().count() == 1) {
      return Origin.ofKernel(candidates.getFirst().ids(), value);
    }
    List<Lower> here = candidates.isEmpty() ? List.of() : byName(parents, name);
    Origin origin = here.isEmpty() ? null : here.getFirst().kernelOrigin();
    return origin != null && Arrays.equals(origin.encode(), value) ? origin : null;
  }

  /** Whether a file is of a directory, and all on its file system share their numbers. */
  boolean isToldByFileSystem(Lower file) {
    return file instanceof DirectoryLower lower
        && directories()
            .filter(layer -> Arrays.equals(layer.uuid(), lower.layer().uuid()))
            .allMatch(layer -> layer.numbers().equals(lower.layer().numbers()));
  }

  private Stream<DirectoryLayer> directories() {
    return roots.stream()
        .mapMulti(
            (root, sink) -> {
              if (root instanceof DirectoryLower directory) {
                sink.accept(directory.layer());
              }
            });
  }

  /** How many names the file of an origin has in its layer; 0 where only a search would tell. */
  int linkCount(Origin origin) throws ErrnoException {
    return root(origin.layer()) instanceof ImageLower root ? root.linkCountOf(origin.inode()) : 0;
  }

  /** The roots of the layers below the one that a file is of. */
  private List<Lower> rootsBelow(Lower file) {
    return roots.stream().filter(root -> layer(root) < layer(file)).toList();
  }

  /** Whether nothing can lie below: no redirect, opaque or further layer matters. */
  static boolean isLowest(List<Lower> directories) {
    return directories.size() == 1 && layer(directories.getFirst()) == 0;
  }

  private static long layer(Lower file) {
    return file.layerIds().layer();
  }

  /** Adds a layer's part; false if nothing below it counts. */
  private static boolean take(List<Lower> found, Lower child) throws ErrnoException {
    if (child.isWhiteout() || (!child.isDirectory() && !found.isEmpty())) {
      return false;
    }
    found.add(child);
    return child.isDirectory() && !child.isOpaque();
  }

  /**
   * What overlay.redirect leads to.
   *
   * @param parents where a redirect that is a mere name is looked up
   * @param redirect a name, or a path from the roots
   */
  List<Lower> byRedirect(List<Lower> parents, byte[] redirect) throws ErrnoException {
    return isPath(redirect) ? byPath(roots, names(redirect)) : byName(parents, checked(redirect));
  }

  /** The same for a file without data, which may be in a layer that has only that. */
  List<Lower> fileByRedirect(List<Lower> parents, byte[] redirect) throws ErrnoException {
    List<Lower> found = byRedirect(parents, redirect);
    if (!found.isEmpty() || !isPath(redirect)) {
      return found;
    }
    Lower data = dataAlone(names(redirect));
    return data == null ? List.of() : List.of(data);
  }

  private static boolean isPath(byte[] redirect) {
    return redirect.length > 0 && redirect[0] == '/';
  }

  private List<Lower> byPath(List<Lower> start, List<Name> path) throws ErrnoException {
    List<Lower> found = start;
    for (Name name : path) {
      List<Lower> next = byName(found, name);
      if (next.isEmpty() || !next.getFirst().isDirectory() && name != path.getLast()) {
        return List.of();
      }
      found = next;
    }
    return found;
  }

  private static List<Name> names(byte[] path) throws ErrnoException {
    List<Name> names = new ArrayList<>();
    int from = 1;
    for (int at = 1; at <= path.length; at++) {
      if (at == path.length || path[at] == '/') {
        byte[] name = Arrays.copyOfRange(path, from, at);
        names.add(checked(name));
        from = at + 1;
      }
    }
    return names;
  }

  /** A redirect comes from a file's attribute: it must not lead out of the layer. */
  private static Name checked(byte[] name) throws ErrnoException {
    boolean dots =
        name.length > 0
            && name[0] == '.'
            && (name.length == 1 || name.length == 2 && name[1] == '.');
    boolean bad = name.length == 0 || name.length > Name.MAX || dots;
    for (byte b : name) {
      bad |= b == '/' || b == 0;
    }
    if (bad) {
      throw ErrnoException.of(Errno.EIO);
    }
    return Name.sharing(name);
  }
}
