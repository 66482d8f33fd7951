package io.strata.compare;

import io.strata.compare.OpenTree.Listed;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Everything that a user can see of a tree, to be compared with the same tree at another time: by
 * path, all of statx(2) but the device of the mount, the listed inode and type, extended
 * attributes, the target, the content, and where its holes are.
 */
public final class TreeRecord {
  private final OpenTree tree = new OpenTree();
  private final Map<String, String> entries = new TreeMap<>();
  private final Map<Long, Integer> linkCounts = new TreeMap<>();
  private final Map<Long, List<String>> names = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();

  private TreeRecord() {}

  /**
   * Records.
   *
   * @throws IOException if anything of the tree can't be read
   */
  public static TreeRecord of(Path root) throws IOException {
    TreeRecord record = new TreeRecord();
    try {
      int directory = record.tree.openRoot(root.toString());
      record.entries.put("/", record.describe(directory, new byte[] {'.'}));
      record.addAll("", directory);
      record.tree.close(directory);
      return record;
    } catch (ErrnoException e) {
      throw new IOException("recording " + root, e);
    }
  }

  /** How many names there are, the root among them. */
  public int size() {
    return entries.size();
  }

  /** What differs, a line each; empty where both are equal. */
  public List<String> differencesTo(TreeRecord later) {
    List<String> differences = new ArrayList<>();
    Map<String, String> others = new TreeMap<>(later.entries);
    entries.forEach(
        (path, description) -> {
          String other = others.remove(path);
          if (!description.equals(other)) {
            differences.add(path + ": " + description + "\n   now " + other);
          }
        });
    others.forEach((path, description) -> differences.add(path + ": new: " + description));
    return differences;
  }

  /** What contradicts itself in a tree of which all names were recorded, a line each. */
  public List<String> faults() {
    List<String> all = new ArrayList<>(faults);
    names.forEach(
        (inode, paths) -> {
          int count = linkCounts.getOrDefault(inode, 0);
          if (count != paths.size()) {
            all.add("%d links, but the names %s".formatted(count, paths));
          }
        });
    return all;
  }

  private void check(String path, Listed entry, Stat stat) {
    if (entry.inode() != stat.inode || entry.type() != stat.type()) {
      faults.add(path + ": listed as another file");
    }
    if (!stat.isDirectory()) {
      names.computeIfAbsent(stat.inode, _ -> new ArrayList<>()).add(path);
      linkCounts.put(stat.inode, stat.linkCount);
    }
  }

  private void addAll(String path, int directory) throws ErrnoException {
    for (Listed entry : OpenTree.byName(tree.list(directory)).values()) {
      String child = path + "/" + OpenTree.show(entry.name());
      String listed = " listed %o %d".formatted(entry.type(), entry.inode());
      check(child, entry, tree.stat(directory, entry.name()));
      entries.put(child, describe(directory, entry.name()) + listed);
      if (entry.type() == Stat.S_IFDIR) {
        int opened = tree.openDirectory(directory, entry.name());
        addAll(child, opened);
        tree.close(opened);
      }
    }
  }

  private String describe(int directory, byte[] name) throws ErrnoException {
    Stat stat = tree.stat(directory, name);
    StringBuilder text = new StringBuilder(attributes(stat));
    for (Map.Entry<byte[], byte[]> each : tree.xattrs(directory, name).entrySet()) {
      String value = HexFormat.of().formatHex(each.getValue());
      text.append(' ').append(OpenTree.show(each.getKey())).append('=').append(value);
    }
    if (stat.type() == Stat.S_IFLNK) {
      text.append(" to ").append(OpenTree.show(tree.readlink(directory, name)));
    }
    if (stat.isRegular()) {
      text.append(content(directory, name));
    }
    return text.toString();
  }

  private static String attributes(Stat stat) {
    // Recording is an access to directories and links.
    boolean keepsAccess = !stat.isDirectory() && stat.type() != Stat.S_IFLNK;
    String access = stat.accessSeconds + "." + stat.accessNanos;
    return "inode %d mode %o links %d owner %d:%d size %d blocks %d device %d%s"
            .formatted(
                stat.inode,
                stat.mode,
                stat.linkCount,
                stat.uid,
                stat.gid,
                stat.size,
                stat.blocks,
                stat.device(),
                keepsAccess ? " atime " + access : "")
        + " mtime %d.%d ctime %d.%d"
            .formatted(stat.modifySeconds, stat.modifyNanos, stat.changeSeconds, stat.changeNanos);
  }

  private String content(int directory, byte[] name) throws ErrnoException {
    int flags =
        NameCalls.O_RDONLY | NameCalls.O_NOFOLLOW | NameCalls.O_NONBLOCK | NameCalls.O_NOATIME;
    int fd = tree.openFile(directory, name, flags);
    try {
      CRC32 checksum = new CRC32();
      long at = 0;
      for (int got = tree.read(fd, 0); got > 0; got = tree.read(fd, at)) {
        checksum.update(tree.bytes().slice(0, got));
        at += got;
      }
      return " content %x of %d borders %s".formatted(checksum.getValue(), at, tree.borders(fd));
    } finally {
      tree.close(fd);
    }
  }
}
