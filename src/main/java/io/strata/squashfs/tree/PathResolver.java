package io.strata.squashfs.tree;

import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.SymlinkInode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Finds paths in an image, as a process would whose root it is. */
public final class PathResolver {
  /** MAXSYMLINKS of the kernel. */
  private static final int MAXSYMLINKS = 40;

  private final SquashFsImage image;

  public PathResolver(SquashFsImage image) {
    this.image = image;
  }

  /**
   * Finds a path.
   *
   * @param path absolute or not, both from the root
   * @param follow whether a link in its last place is followed
   * @throws NoSuchFileException if a name is not there
   * @throws NotDirectoryException if something else than a directory stands before a slash
   */
  public Located resolve(byte[] path, boolean follow) throws IOException {
    return new Walk(path, follow).run();
  }

  private final class Walk {
    private final byte[] path;
    private final boolean follow;
    private final Deque<byte[]> ahead = new ArrayDeque<>();
    private final List<byte[]> names = new ArrayList<>();
    private final List<Inode> inodes = new ArrayList<>();
    private int links;

    Walk(byte[] path, boolean follow) {
      this.path = path;
      this.follow = follow;
    }

    Located run() throws IOException {
      inodes.add(image.root());
      push(path);
      while (!ahead.isEmpty()) {
        step(ahead.pop());
      }
      return new Located(new ImagePath(names), inodes.getLast());
    }

    /** Puts the names of a path in front of those that are ahead. */
    private void push(byte[] text) {
      List<byte[]> parts = new ArrayList<>();
      int from = 0;
      for (int i = 0; i <= text.length; i++) {
        if (i == text.length || text[i] == '/') {
          parts.add(Arrays.copyOfRange(text, from, i));
          from = i + 1;
        }
      }
      for (byte[] part : parts.reversed()) {
        ahead.push(part);
      }
    }

    private void step(byte[] name) throws IOException {
      if (!(inodes.getLast() instanceof DirectoryInode directory)) {
        throw new NotDirectoryException(shown());
      }
      if (name.length == 0 || Arrays.equals(name, new byte[] {'.'})) {
        return;
      }
      if (Arrays.equals(name, new byte[] {'.', '.'})) {
        up();
        return;
      }
      long reference = image.lookup(directory, name);
      if (reference == SquashFsImage.NOT_FOUND) {
        throw new NoSuchFileException(shown());
      }
      Inode inode = image.inode(reference);
      if (inode instanceof SymlinkInode link && (follow || !ahead.isEmpty())) {
        goTo(image.symlinkTarget(link));
      } else {
        names.add(name);
        inodes.add(inode);
      }
    }

    private void up() {
      if (!names.isEmpty()) {
        names.removeLast();
        inodes.removeLast();
      }
    }

    private void goTo(byte[] target) throws IOException {
      links++;
      if (links > MAXSYMLINKS) {
        throw new FileSystemException(shown(), null, "too many levels of symbolic links");
      }
      if (target[0] == '/') {
        names.clear();
        inodes.subList(1, inodes.size()).clear();
      }
      push(target);
    }

    private String shown() {
      return image.path() + ": " + ImagePath.show(path);
    }
  }
}
