package io.strata.union;

import io.strata.posix.ErrnoException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Lets the directories that are on one file system share their numbers. Kernel overlayfs knows a
 * lower file by its handle and file system only, so a file that has names in two such layers is one
 * file there, with one copy in the index; and so it is here.
 *
 * @param roots of the layers, topmost first; those of directories are replaced
 */
record SharedNumbers(List<Lower> roots) {
  void share() throws ErrnoException {
    List<DirectoryLayer> done = new ArrayList<>();
    for (Lower root : List.copyOf(roots)) {
      if (root instanceof DirectoryLower directory && !done.contains(directory.layer())) {
        List<DirectoryLayer> together = together(directory.layer());
        done.addAll(together);
        if (together.size() > 1 && together.getFirst().hasKnownHandles()) {
          replace(together);
        }
      }
    }
  }

  private List<DirectoryLayer> together(DirectoryLayer one) {
    List<DirectoryLayer> found = new ArrayList<>();
    for (Lower root : roots) {
      if (root instanceof DirectoryLower directory
          && (directory.layer() == one || directory.layer().isOneFileSystem(one))) {
        found.add(directory.layer());
      }
    }
    return found;
  }

  /** With one generation for all, as of an inode number nobody can tell which layer it is of. */
  private void replace(List<DirectoryLayer> layers) throws ErrnoException {
    Object[] generations = layers.stream().map(DirectoryLayer::generation).toArray();
    DirectoryLayer.Numbers shared =
        new DirectoryLayer.Numbers(layers.getLast().ids(), Objects.hash(generations));
    for (int i = 0; i < roots.size(); i++) {
      if (roots.get(i) instanceof DirectoryLower directory && layers.contains(directory.layer())) {
        roots.set(i, directory.layer().with(shared).root());
      }
    }
  }
}
