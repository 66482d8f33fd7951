package io.strata.squashfs.tree;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import io.strata.squashfs.CorruptImageException;
import io.strata.squashfs.DeviceInode;
import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.FileInode;
import io.strata.squashfs.Inode;
import io.strata.squashfs.IpcInode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.SymlinkInode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a tree of files from an image, with owners, modes, times, extended attributes, devices,
 * hard links and holes; as an ordinary user, what such a user may make. For one run.
 *
 * <p>A file that the image or the target fails is reported and left out, and the rest goes on; a
 * full disk ends it.
 */
public final class Extractor {
  private static final int NEW_FILE =
      NameCalls.O_WRONLY | NameCalls.O_CREAT | NameCalls.O_EXCL | NameCalls.O_NOFOLLOW;
  private static final int MINE = 0600;
  private static final int MY_DIRECTORY = 0700;

  private final SquashFsImage image;
  private final Posix posix;
  private final ExtractListener listener;
  private final AttributeWriter attributes;
  private final DataWriter data;
  private final List<Level> levels = new ArrayList<>();
  private final Map<Long, byte[]> firstNames = new HashMap<>();
  private long files;
  private long skipped;
  private long damaged;
  private long failed;

  public Extractor(SquashFsImage image, Posix posix, ExtractListener listener) {
    this.image = image;
    this.posix = posix;
    this.listener = listener;
    this.attributes = new AttributeWriter(image, posix);
    this.data = new DataWriter(image, posix);
  }

  /**
   * Makes these parts of the image, with the directories above them.
   *
   * @param paths without links before the last name, see {@link PathResolver}
   * @param target an empty directory, or nothing yet
   * @throws IOException if the target can't be used, or is full
   */
  public ExtractReport extract(List<ImagePath> paths, Path target) throws IOException {
    prepare(target);
    try {
      begin(target, Selection.of(paths));
      while (!levels.isEmpty()) {
        Level level = levels.getLast();
        if (advance(level)) {
          visit(level);
        } else {
          end(level);
        }
      }
    } catch (ErrnoException e) {
      throw new FileSystemException(target.toString(), null, e.getMessage());
    } finally {
      levels.forEach(level -> posix.files().close(level.descriptor()));
    }
    return new ExtractReport(
        files - skipped,
        attributes.ownersLost(),
        attributes.xattrsLost(),
        skipped,
        damaged,
        failed);
  }

  private static void prepare(Path target) throws IOException {
    Files.createDirectories(target);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
      if (entries.iterator().hasNext()) {
        throw new FileSystemException(
            target.toString(), null, "is not empty; name an empty or a new directory");
      }
    }
  }

  private void begin(Path target, Selection wanted) throws IOException, ErrnoException {
    Charset encoding = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    byte[] name = target.toString().getBytes(encoding);
    int flags = NameCalls.O_RDONLY | NameCalls.O_DIRECTORY;
    int descriptor = posix.names().open(NameCalls.AT_FDCWD, name, flags, 0);
    enter(descriptor, name, image.root(), wanted);
  }

  private void enter(int descriptor, byte[] name, DirectoryInode inode, Selection wanted)
      throws IOException {
    levels.add(
        new Level(descriptor, name, inode, image.newDirectoryCursor().open(inode, 0), wanted));
  }

  private boolean advance(Level level) {
    try {
      return level.entries().next();
    } catch (IOException e) {
      damaged++;
      listener.failed(here(), e);
      return false;
    }
  }

  private void visit(Level level) throws IOException, ErrnoException {
    byte[] name = Arrays.copyOf(level.entries().nameBytes(), level.entries().nameLength());
    Selection wanted = level.wanted().child(name);
    if (wanted == null) {
      return;
    }
    try {
      make(level, name, image.inode(level.entries()), wanted);
      files++;
      listener.progress(files, image.superblock().inodes());
    } catch (ErrnoException e) {
      stopAt(e);
      failed++;
      listener.failed(path(name), new IOException(e.getMessage(), e));
    } catch (IOException e) {
      damaged++;
      listener.failed(path(name), e);
    }
  }

  /** What concerns the whole target and not one file. */
  private static void stopAt(ErrnoException e) throws ErrnoException {
    switch (e.errno()) {
      case Errno.ENOSPC, Errno.EDQUOT, Errno.EROFS, Errno.EIO, Errno.ENFILE -> throw e;
      default -> {}
    }
  }

  private void make(Level level, byte[] name, Inode inode, Selection wanted)
      throws IOException, ErrnoException {
    int in = level.descriptor();
    switch (inode) {
      case DirectoryInode directory -> makeDirectory(in, name, directory, wanted);
      case Inode linked when linkCountsAndIsThere(in, name, linked) -> {}
      case FileInode file -> makeFile(in, name, file);
      case SymlinkInode link -> {
        posix.names().symlink(image.symlinkTarget(link), in, name);
        finish(in, name, link);
      }
      case DeviceInode device -> makeDevice(in, name, device);
      case IpcInode ipc -> {
        posix.names().mknod(in, name, ipc.mode() & Stat.S_IFMT | MINE, 0);
        finish(in, name, ipc);
      }
    }
  }

  private void makeDirectory(int in, byte[] name, DirectoryInode inode, Selection wanted)
      throws IOException, ErrnoException {
    if (levels.size() > ImagePath.MAX_NAMES) {
      throw new IOException("lies deeper than " + ImagePath.MAX_NAMES + " directories");
    }
    posix.names().mkdir(in, name, MY_DIRECTORY);
    int descriptor = posix.names().open(in, name, AttributeWriter.openDirectory(), 0);
    try {
      enter(descriptor, name, inode, wanted);
    } catch (IOException | RuntimeException e) {
      posix.files().close(descriptor);
      throw e;
    }
  }

  private void end(Level level) throws ErrnoException, IOException {
    try {
      attributes.write(level.descriptor(), AttributeWriter.self(), level.inode());
    } catch (CorruptImageException e) {
      damaged++;
      listener.failed(here(), e);
    }
    levels.removeLast();
    posix.files().close(level.descriptor());
  }

  /** Makes another name of a file that is there already; false if this is its first. */
  private boolean linkCountsAndIsThere(int in, byte[] name, Inode inode) throws ErrnoException {
    byte[] first = inode.linkCount() > 1 ? firstNames.get(inode.reference()) : null;
    if (first == null) {
      return false;
    }
    try {
      posix.names().link(levels.getFirst().descriptor(), first, in, name, 0);
      return true;
    } catch (ErrnoException e) {
      return switch (e.errno()) {
        case Errno.ENAMETOOLONG, Errno.EMLINK, Errno.EPERM, Errno.EXDEV, Errno.ENOENT -> false;
        default -> throw e;
      };
    }
  }

  private void makeFile(int in, byte[] name, FileInode inode) throws IOException, ErrnoException {
    int descriptor = posix.names().open(in, name, NEW_FILE, MINE);
    boolean whole = false;
    try {
      data.write(inode, descriptor);
      finish(in, name, inode);
      whole = true;
    } finally {
      posix.files().close(descriptor);
      if (!whole) {
        posix.names().unlink(in, name);
      }
    }
  }

  private void makeDevice(int in, byte[] name, DeviceInode device)
      throws IOException, ErrnoException {
    try {
      long number = Stat.makeDevice(device.major(), device.minor());
      posix.names().mknod(in, name, device.mode() & Stat.S_IFMT | MINE, number);
      finish(in, name, device);
    } catch (ErrnoException e) {
      if (!attributes.isRootsAffair(e)) {
        throw e;
      }
      skipped++;
      listener.skipped(path(name), "only root may make devices");
    }
  }

  private void finish(int in, byte[] name, Inode inode) throws IOException, ErrnoException {
    attributes.write(in, name, inode);
    if (inode.linkCount() > 1) {
      firstNames.putIfAbsent(inode.reference(), path(name).bytes());
    }
  }

  private ImagePath here() {
    return new ImagePath(levels.stream().skip(1).map(Level::name).toList());
  }

  private ImagePath path(byte[] name) {
    List<byte[]> names = new ArrayList<>(here().names());
    names.add(name);
    return new ImagePath(names);
  }
}
