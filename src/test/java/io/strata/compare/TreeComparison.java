package io.strata.compare;

import static java.util.stream.Collectors.joining;

import io.strata.compare.OpenTree.Listed;
import io.strata.posix.ErrnoException;
import io.strata.posix.FileSystemStat;
import io.strata.posix.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Compares two mounted directory trees in every respect that a user can see.
 *
 * <p>Usage: {@code TreeComparison.of(left, right).without(INODE_NUMBER).run()}; the result's {@code
 * differences} are empty if the trees are equal. For one thread, for one run.
 */
public final class TreeComparison {
  /**
   * What came out.
   *
   * @param entries how many names both trees have, the roots among them
   * @param bytes how many bytes of files were compared
   * @param count how many differences there are
   * @param differences the first hundred of them, each with its path
   */
  public record Result(long entries, long bytes, long count, List<String> differences) {}

  private final Path leftRoot;
  private final Path rightRoot;
  private final Set<Aspect> aspects = EnumSet.allOf(Aspect.class);
  private final OpenTree left = new OpenTree();
  private final OpenTree right = new OpenTree();
  private final Differences differences = new Differences();
  private final Map<Long, Long> rightOfLeft = new HashMap<>();
  private final Map<Long, Long> leftOfRight = new HashMap<>();

  private TreeComparison(Path leftRoot, Path rightRoot) {
    this.leftRoot = leftRoot;
    this.rightRoot = rightRoot;
  }

  /** Compares what two trees on whatever file systems can have in common. */
  public static TreeComparison of(Path left, Path right) {
    return ofMounts(left, right)
        .without(Aspect.OTHER_TIMES, Aspect.SPACE, Aspect.HOLES, Aspect.ORDER, Aspect.FILE_SYSTEM);
  }

  /** Compares all aspects of two mounts of one image. */
  public static TreeComparison ofMounts(Path left, Path right) {
    return new TreeComparison(left, right);
  }

  /** Leaves out some aspects. */
  public TreeComparison without(Aspect... unwanted) {
    aspects.removeAll(Arrays.asList(unwanted));
    return this;
  }

  /**
   * Compares.
   *
   * @throws IOException if a root can't be opened; failures below it are differences
   */
  public Result run() throws IOException {
    try {
      int leftFd = left.openRoot(leftRoot.toString());
      int rightFd = right.openRoot(rightRoot.toString());
      byte[] self = {'.'};
      compareEntry("", leftFd, rightFd, self);
      compareFileSystems(left.statfs(leftFd), right.statfs(rightFd));
      compareDirectories("", leftFd, rightFd);
      left.close(leftFd);
      right.close(rightFd);
    } catch (ErrnoException e) {
      throw new IOException("comparing " + leftRoot + " and " + rightRoot, e);
    }
    return differences.result();
  }

  private void compareFileSystems(FileSystemStat a, FileSystemStat b) {
    compareAspect(Aspect.FILE_SYSTEM, "", "block sizes", a.blockSize(), b.blockSize());
    compareAspect(Aspect.FILE_SYSTEM, "", "units", a.fragmentSize(), b.fragmentSize());
    compareAspect(Aspect.FILE_SYSTEM, "", "numbers of blocks", a.blocks(), b.blocks());
    compareAspect(Aspect.FILE_SYSTEM, "", "free blocks", a.freeBlocks(), b.freeBlocks());
    compareAspect(Aspect.FILE_SYSTEM, "", "numbers of files", a.files(), b.files());
    compareAspect(Aspect.FILE_SYSTEM, "", "free files", a.freeFiles(), b.freeFiles());
  }

  private void compareDirectories(String path, int leftFd, int rightFd) throws ErrnoException {
    List<Listed> leftList = left.list(leftFd);
    List<Listed> rightList = right.list(rightFd);
    compareOrder(path, leftList, rightList);
    SortedMap<byte[], Listed> leftNames = OpenTree.byName(leftList);
    SortedMap<byte[], Listed> rightNames = OpenTree.byName(rightList);
    TreeSet<byte[]> all = new TreeSet<>(OpenTree.BYTES);
    all.addAll(leftNames.keySet());
    all.addAll(rightNames.keySet());
    for (byte[] name : all) {
      String child = path + "/" + OpenTree.show(name);
      Listed inLeft = leftNames.get(name);
      Listed inRight = rightNames.get(name);
      if (inLeft == null || inRight == null) {
        differences.add(child, "only in " + (inLeft == null ? rightRoot : leftRoot));
        continue;
      }
      compareAspect(Aspect.MODE, child, "listed types", inLeft.type(), inRight.type());
      compareAspect(Aspect.INODE_NUMBER, child, "listed inodes", inLeft.inode(), inRight.inode());
      compareChild(child, leftFd, rightFd, name);
    }
  }

  private void compareOrder(String path, List<Listed> a, List<Listed> b) {
    if (aspects.contains(Aspect.ORDER)) {
      String inLeft = a.stream().map(entry -> OpenTree.show(entry.name())).collect(joining(" "));
      String inRight = b.stream().map(entry -> OpenTree.show(entry.name())).collect(joining(" "));
      if (!inLeft.equals(inRight)) {
        differences.add(path, "listed in another order");
      }
    }
  }

  private void compareChild(String path, int leftFd, int rightFd, byte[] name) {
    try {
      Stat stat = compareEntry(path, leftFd, rightFd, name);
      if (stat.isDirectory()) {
        int leftChild = left.openDirectory(leftFd, name);
        int rightChild = right.openDirectory(rightFd, name);
        compareDirectories(path, leftChild, rightChild);
        left.close(leftChild);
        right.close(rightChild);
      }
    } catch (ErrnoException e) {
      differences.add(path, e.getMessage() + " (" + e.errno() + ")");
    }
  }

  private Stat compareEntry(String path, int leftFd, int rightFd, byte[] name)
      throws ErrnoException {
    differences.countEntry();
    Stat a = left.stat(leftFd, name);
    Stat b = right.stat(rightFd, name);
    compareStat(path, a, b);
    if (aspects.contains(Aspect.XATTRS)) {
      compareXattrs(path, left.xattrs(leftFd, name), right.xattrs(rightFd, name));
    }
    if (a.type() == b.type()) {
      compareByType(path, leftFd, rightFd, name, a);
    }
    return a;
  }

  private void compareByType(String path, int leftFd, int rightFd, byte[] name, Stat stat)
      throws ErrnoException {
    if (stat.type() == Stat.S_IFLNK && aspects.contains(Aspect.LINK_TARGET)) {
      String a = OpenTree.show(left.readlink(leftFd, name));
      differences.addUnlessEqual(path, "targets", a, OpenTree.show(right.readlink(rightFd, name)));
    }
    if (stat.isRegular() && aspects.contains(Aspect.CONTENT)) {
      int a = left.openFile(leftFd, name);
      int b = right.openFile(rightFd, name);
      compareContent(path, a, b);
      if (aspects.contains(Aspect.HOLES)) {
        differences.addUnlessEqual(path, "data and holes", left.borders(a), right.borders(b));
      }
      left.close(a);
      right.close(b);
    }
  }

  private void compareStat(String path, Stat a, Stat b) {
    compareAspect(Aspect.MODE, path, "modes", octal(a.mode), octal(b.mode));
    compareAspect(Aspect.OWNER, path, "owners", a.uid + ":" + a.gid, b.uid + ":" + b.gid);
    String aTime = a.modifySeconds + "." + a.modifyNanos;
    compareAspect(Aspect.MODIFY_TIME, path, "times", aTime, b.modifySeconds + "." + b.modifyNanos);
    compareAspect(Aspect.OTHER_TIMES, path, "other times", otherTimes(a), otherTimes(b));
    compareAspect(Aspect.SPACE, path, "blocks", a.blocks, b.blocks);
    Aspect size = a.isDirectory() ? Aspect.DIRECTORY_SIZE : Aspect.SIZE;
    compareAspect(size, path, "sizes", a.size, b.size);
    compareAspect(Aspect.LINK_COUNT, path, "link counts", a.linkCount, b.linkCount);
    compareAspect(Aspect.INODE_NUMBER, path, "inodes", a.inode, b.inode);
    if (a.type() == Stat.S_IFBLK || a.type() == Stat.S_IFCHR) {
      compareAspect(Aspect.DEVICE, path, "devices", a.device(), b.device());
    }
    if (aspects.contains(Aspect.LINK_GROUPS) && !a.isDirectory()) {
      compareGroups(path, a.inode, b.inode);
    }
  }

  private static String otherTimes(Stat stat) {
    return "%d.%d, %d.%d"
        .formatted(stat.accessSeconds, stat.accessNanos, stat.changeSeconds, stat.changeNanos);
  }

  private void compareAspect(Aspect aspect, String path, String what, Object a, Object b) {
    if (aspects.contains(aspect)) {
      differences.addUnlessEqual(path, what, a, b);
    }
  }

  private static String octal(int mode) {
    return Integer.toOctalString(mode);
  }

  private void compareGroups(String path, long leftInode, long rightInode) {
    Long formerRight = rightOfLeft.putIfAbsent(leftInode, rightInode);
    Long formerLeft = leftOfRight.putIfAbsent(rightInode, leftInode);
    boolean rightAgrees = formerRight == null || formerRight == rightInode;
    boolean leftAgrees = formerLeft == null || formerLeft == leftInode;
    if (!rightAgrees || !leftAgrees) {
      differences.add(path, "hard links of different files");
    }
  }

  private void compareXattrs(
      String path, SortedMap<byte[], byte[]> a, SortedMap<byte[], byte[]> b) {
    TreeSet<byte[]> names = new TreeSet<>(OpenTree.BYTES);
    names.addAll(a.keySet());
    names.addAll(b.keySet());
    for (byte[] name : names) {
      if (!Arrays.equals(a.get(name), b.get(name))) {
        differences.add(path, "xattr " + OpenTree.show(name));
      }
    }
  }

  private void compareContent(String path, int leftFd, int rightFd) throws ErrnoException {
    long offset = 0;
    while (true) {
      int a = left.read(leftFd, offset);
      int b = right.read(rightFd, offset);
      ByteBuffer leftBytes = left.bytes().slice(0, a);
      int mismatch = leftBytes.mismatch(right.bytes().slice(0, b));
      if (mismatch >= 0) {
        differences.add(path, "bytes from " + (offset + mismatch) + " on");
        return;
      }
      if (a == 0) {
        return;
      }
      differences.countBytes(a);
      offset += a;
    }
  }
}
