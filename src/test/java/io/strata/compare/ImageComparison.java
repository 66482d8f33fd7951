package io.strata.compare;

import io.strata.compare.OpenTree.Listed;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Stat;
import io.strata.squashfs.DeviceInode;
import io.strata.squashfs.DirectoryCursor;
import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.FileInode;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.SymlinkInode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares an image as the library reads it with a mounted tree, normally the kernel's mount of the
 * same image: every attribute and byte. For one thread, for one run.
 */
public final class ImageComparison {
  private static final int CHUNK = 1 << 20;
  private static final long HUGE = 1L << 30;
  private static final long HOLE_STEP = 64L << 20;

  private final SquashFsImage image;
  private final OpenTree tree = new OpenTree();
  private final NativeBuffer buffer = NativeBuffer.allocate(CHUNK);
  private final Differences differences = new Differences();

  private ImageComparison(SquashFsImage image) {
    this.image = image;
  }

  /** Compares; the result's differences are empty if all is equal. */
  public static TreeComparison.Result of(SquashFsImage image, Path mount)
      throws IOException, ErrnoException {
    ImageComparison comparison = new ImageComparison(image);
    int fd = comparison.tree.openRoot(mount.toString());
    comparison.compare("", image.root(), fd, new byte[] {'.'});
    comparison.tree.close(fd);
    return comparison.differences.result();
  }

  private void compare(String path, Inode inode, int directory, byte[] name)
      throws IOException, ErrnoException {
    differences.countEntry();
    Stat stat = tree.stat(directory, name);
    compareStat(path, inode, stat);
    compareXattrs(path, inode, directory, name);
    switch (inode) {
      case DirectoryInode inside -> compareDirectory(path, inside, directory, name);
      case FileInode file -> compareFile(path, file, stat, directory, name);
      case SymlinkInode link -> {
        String target = OpenTree.show(image.symlinkTarget(link));
        String expected = OpenTree.show(tree.readlink(directory, name));
        differences.addUnlessEqual(path, "targets", target, expected);
      }
      case DeviceInode device -> {
        long number = Stat.makeDevice(device.major(), device.minor());
        differences.addUnlessEqual(path, "devices", number, stat.device());
      }
      default -> {}
    }
  }

  private void compareStat(String path, Inode inode, Stat stat) throws IOException {
    differences.addUnlessEqual(path, "modes", inode.mode(), stat.mode);
    differences.addUnlessEqual(path, "uids", inode.uid(), stat.uid);
    differences.addUnlessEqual(path, "gids", inode.gid(), stat.gid);
    differences.addUnlessEqual(path, "times", inode.modifyTime(), stat.modifySeconds);
    differences.addUnlessEqual(path, "sizes", inode.size(), stat.size);
    differences.addUnlessEqual(path, "link counts", inode.linkCount(), (long) stat.linkCount);
    differences.addUnlessEqual(path, "blocks", image.allocatedUnits(inode), stat.blocks);
    differences.addUnlessEqual(path, "inode numbers", inode.inodeNumber(), stat.inode);
  }

  private void compareXattrs(String path, Inode inode, int directory, byte[] name)
      throws IOException, ErrnoException {
    SortedMap<byte[], byte[]> found = new TreeMap<>(OpenTree.BYTES);
    for (byte[] attribute : image.xattrNames(inode)) {
      byte[] value = image.xattr(inode, attribute);
      found.put(attribute, value == null ? new byte[0] : value);
    }
    SortedMap<byte[], byte[]> expected = tree.xattrs(directory, name);
    if (!Arrays.deepEquals(found.keySet().toArray(), expected.keySet().toArray())
        || !Arrays.deepEquals(found.values().toArray(), expected.values().toArray())) {
      differences.add(path, "xattrs");
    }
  }

  private void compareDirectory(String path, DirectoryInode inode, int directory, byte[] name)
      throws IOException, ErrnoException {
    int fd = tree.openDirectory(directory, name);
    List<Listed> listed = tree.list(fd);
    SortedMap<byte[], Listed> expected = OpenTree.byName(listed);
    DirectoryCursor entries = image.newDirectoryCursor().open(inode, 0);
    DirectoryCursor resumed = image.newDirectoryCursor();
    long cookie = 0;
    int count = 0;
    while (entries.next()) {
      byte[] child = Arrays.copyOf(entries.nameBytes(), entries.nameLength());
      String childPath = path + "/" + OpenTree.show(child);
      Listed same = expected.get(child);
      if (same == null) {
        differences.add(childPath, "only in the image");
        continue;
      }
      differences.addUnlessEqual(childPath, "types", entries.type(), same.type());
      differences.addUnlessEqual(childPath, "listed inodes", entries.inodeNumber(), same.inode());
      if (!Arrays.equals(child, listed.get(count).name())) {
        differences.add(childPath, "listed at another place");
      }
      compareEntry(childPath, inode, entries, resumed, cookie);
      cookie = entries.cookie();
      count++;
      compare(childPath, image.inode(entries.reference()), fd, child);
    }
    differences.addUnlessEqual(path, "numbers of entries", count, expected.size());
    if (resumed.open(inode, cookie).next()) {
      differences.add(path, "something behind the last entry");
    }
    tree.close(fd);
  }

  /** Checks that an entry is found by name, and by the cookie of the one before. */
  private void compareEntry(
      String path,
      DirectoryInode inode,
      DirectoryCursor entry,
      DirectoryCursor resumed,
      long cookie)
      throws IOException {
    byte[] name = Arrays.copyOf(entry.nameBytes(), entry.nameLength());
    if (image.lookup(inode, name) != entry.reference()) {
      differences.add(path, "not found by lookup");
    }
    if (!resumed.open(inode, cookie).next() || resumed.reference() != entry.reference()) {
      differences.add(path, "not found by cookie");
    }
    name[name.length - 1] ^= 1;
    long other = image.lookup(inode, name);
    if (other == entry.reference() && image.inode(other).linkCount() == 1) {
      differences.add(path, "found by another name");
    }
    long reference = entry.reference();
    if (image.referenceOf(entry.inodeNumber()) != reference || !image.isInode(reference)) {
      differences.add(path, "not found by its number");
    }
    if (image.isInode(reference + 4) || image.isInode(reference + (1L << 40))) {
      differences.add(path, "an inode where none is");
    }
    if (image.inode(reference) instanceof DirectoryInode child
        && image.parentOf(child) != inode.reference()) {
      differences.add(path, "its parent is not found");
    }
  }

  /** The next chunk to compare; in the holes of very large files only one now and then. */
  private long next(FileInode file, long offset) throws IOException {
    long next = offset + CHUNK;
    if (file.size() < HUGE) {
      return next;
    }
    long data = image.seekData(file, next);
    long end = data < 0 ? file.size() : data;
    return Math.max(next, Math.min(end / CHUNK * CHUNK, next + HOLE_STEP));
  }

  private void compareFile(String path, FileInode file, Stat stat, int directory, byte[] name)
      throws IOException, ErrnoException {
    int fd = tree.openFile(directory, name);
    for (long offset = 0; offset < file.size(); offset = next(file, offset)) {
      int found = image.read(file, offset, CHUNK, buffer, 0);
      int expected = tree.read(fd, offset);
      int mismatch = buffer.bytes().slice(0, found).mismatch(tree.bytes().slice(0, expected));
      if (mismatch >= 0) {
        differences.add(path, "bytes from " + (offset + mismatch) + " on");
        break;
      }
      differences.countBytes(found);
    }
    compareHoles(path, file, tree.borders(fd));
    tree.close(fd);
  }

  private void compareHoles(String path, FileInode file, List<Long> expected) throws IOException {
    List<Long> whole = file.size() == 0 ? List.of() : List.of(0L, file.size());
    if (expected.equals(whole)) {
      return; // kernels before 6.17 know of no holes in an image
    }
    List<Long> borders = new ArrayList<>();
    long at = image.seekData(file, 0);
    while (at >= 0 && borders.size() < expected.size()) {
      borders.add(at);
      at = image.seekHole(file, at);
      borders.add(at);
      at = image.seekData(file, at);
    }
    differences.addUnlessEqual(path, "data and holes", borders, expected);
  }
}
