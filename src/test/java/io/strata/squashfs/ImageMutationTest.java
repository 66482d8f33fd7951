package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.NativeBuffer;
import io.strata.squashfs.FieldMap.Field;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("However a byte of the metadata of an image is changed")
@Timeout(300)
class ImageMutationTest {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int[] CHANGES = {0x01, 0x02, 0x10, 0x80, 0xff};
  private static final String ALL = "listing";

  /**
   * The fields that say what the data is, each with the aspects that a change of it may change
   * without an error. Those of a field that says something of one inode only for this inode, or for
   * a directory's "listing" also for all that is below. No other field may change anything.
   */
  private static final Map<String, Set<String>> SAYS_WHAT_DATA_IS =
      Map.ofEntries(
          Map.entry("inode.mode", Set.of("mode")),
          Map.entry("inode.uid", Set.of("owner")),
          Map.entry("inode.gid", Set.of("owner")),
          Map.entry("inode.mtime", Set.of("time")),
          Map.entry("inode.nlink", Set.of("links")),
          Map.entry("inode.xattr", Set.of("xattrs")),
          Map.entry("directory.start_block", Set.of(ALL)),
          Map.entry("directory.offset", Set.of(ALL)),
          Map.entry("directory.file_size", Set.of(ALL)),
          Map.entry("directory.parent_inode", Set.of("parent")),
          Map.entry("file.start_block", Set.of("content")),
          Map.entry("file.file_size", Set.of("size", "units", "content", "holes")),
          Map.entry("file.sparse", Set.of("units")),
          Map.entry("file.fragment", Set.of("content", "holes")),
          Map.entry("file.offset", Set.of("content")),
          Map.entry("file.block_list", Set.of("content", "holes")),
          Map.entry("symlink.symlink_size", Set.of("target", "xattrs")),
          Map.entry("symlink.symlink", Set.of("target")),
          Map.entry("device.rdev", Set.of("device")),
          Map.entry("entry.name", Set.of(ALL)),
          Map.entry("id.value", Set.of("owner")),
          Map.entry("fragment.start_block", Set.of("content")),
          Map.entry("fragment.size", Set.of("content")),
          Map.entry("xattr_id.xattr", Set.of("xattrs")),
          Map.entry("xattr_id.count", Set.of("xattrs")),
          Map.entry("xattr.type", Set.of("xattrs")),
          Map.entry("xattr.name_size", Set.of("xattrs")),
          Map.entry("xattr.name", Set.of("xattrs")),
          Map.entry("xattr.value_size", Set.of("xattrs")),
          Map.entry("xattr.value", Set.of("xattrs")),
          Map.entry("superblock.root_inode", Set.of(ALL)));

  @TempDir Path temp;
  private final NativeBuffer buffer = ImageContent.newBuffer();
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final Set<String> offences = new TreeSet<>();
  private boolean checksums;

  @Test
  @DisplayName("an image with one of everything says so, or only the field's own meaning changes")
  void handMade() throws IOException {
    Path file = new HandMadeImage().write(temp.resolve("image.sqfs"));
    mutate("a hand-made image", file, CHANGES);
  }

  @ParameterizedTest(name = "of mksquashfs {0}")
  @DisplayName("an uncompressed image says so, or only the field's own meaning changes")
  @ValueSource(strings = {"-no-exports", "-always-use-fragments"})
  void uncompressed(String option) throws Exception {
    Path image = temp.resolve("image.sqfs");
    ImageTools.mksquashfs(
        tree(), image, "-noI", "-noD", "-noF", "-noX", "-b", "4K", "-nopad", option);
    mutate("an image of mksquashfs -noI -noX " + option, image, CHANGES);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a compressed image says so, or the block has no checksum")
  @ValueSource(strings = {"gzip", "lzo", "lz4", "xz", "zstd"})
  void compressed(String compressor) throws Exception {
    Path image = temp.resolve("image.sqfs");
    ImageTools.mksquashfs(tree(), image, "-comp", compressor, "-b", "4K", "-nopad");
    checksums = compressor.equals("gzip") || compressor.equals("xz");
    mutate(
        "a " + compressor + " image",
        image,
        checksums ? new int[] {0x01, 0x80, 0xff} : new int[] {0x01, 0xff});
  }

  /** A tree with each type of inode, files of some blocks, tails, holes, and xattrs out of line. */
  private Path tree() throws Exception {
    Path tree = Files.createDirectory(temp.resolve("tree"));
    for (int i = 0; i < 8; i++) {
      byte[] bytes = new byte[i * 1700];
      for (int at = 0; at < bytes.length; at++) {
        bytes[at] = (byte) (at * (i + 3) >> 4);
      }
      Files.write(tree.resolve("file" + i), bytes);
    }
    Files.write(tree.resolve("holes"), new byte[10_000]);
    Files.createLink(tree.resolve("hard"), tree.resolve("file2"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("file1"));
    Files.createDirectories(tree.resolve("a/b/c"));
    Files.writeString(tree.resolve("a/b/inside"), "inside");
    String value = "x".repeat(100);
    for (String name : new String[] {"file1", "file2", "a"}) {
      ImageTools.run("setfattr", "-n", "user.long", "-v", value, tree.resolve(name).toString());
    }
    ImageTools.run("setfattr", "-n", "user.s", "-v", "1", tree.resolve("file2").toString());
    ImageTools.run("mkfifo", tree.resolve("fifo").toString());
    ImageTools.run("chown", "7:8", tree.resolve("file3").toString());
    return tree;
  }

  private void mutate(String name, Path file, int... changes) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    FieldMap map = FieldMap.of(bytes);
    Map<String, Map<String, String>> original = ImageContent.of(file, buffer);
    assertTrue(original.size() > 5, "paths: " + original.keySet());
    int mutants = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int at = 0; at < map.end(); at = at + 1 == SUPERBLOCK_END ? next(map) : at + 1) {
        Field field = map.at(at);
        assertNotNull(field, "the map does not know byte " + at);
        for (int change : changes) {
          put(channel, at, bytes[at] ^ change);
          judge(at, change, field, original, read(file, at, change));
          mutants++;
        }
        put(channel, at, bytes[at]);
      }
    }
    System.out.println("mutants of " + name + ": " + mutants + " " + outcomes);
    assertEquals(Set.of(), offences);
  }

  private static final int SUPERBLOCK_END = Superblock.SIZE;

  /** Behind the superblock come the compressor's options, and the data, which is left alone. */
  private static int next(FieldMap map) {
    return map.tables();
  }

  private static void put(FileChannel channel, int at, int value) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), at);
  }

  private Map<String, Map<String, String>> read(Path file, int at, int change) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    // Anything but a CorruptImageException comes through.
    Map<String, Map<String, String>> content = ImageContent.of(file, buffer);
    long taken = threads.getCurrentThreadCpuTime() - start;
    assertTrue(taken < MOST_NANOS, "byte " + at + " ^ " + change + ": " + taken + " ns");
    return content;
  }

  private void judge(
      int at,
      int change,
      Field field,
      Map<String, Map<String, String>> original,
      Map<String, Map<String, String>> mutant) {
    if (mutant.equals(original)) {
      count("no change");
      return;
    }
    if (mutant.getOrDefault("", Map.of()).containsKey("open")) {
      count("refused");
      return;
    }
    List<String> silent = new ArrayList<>();
    Set<String> excused = new TreeSet<>(); // directories below which anything may be
    original.forEach(
        (path, aspects) -> compare(path, aspects, mutant.get(path), field, silent, excused));
    if (!silent.isEmpty()) {
      String what =
          "%s (inode %d), byte %d ^ 0x%02x".formatted(field.kind(), field.inode(), at, change);
      offences.add(what + ": " + silent.getFirst());
    }
    boolean errors = mutant.values().stream().anyMatch(aspects -> aspects.containsValue("EIO"));
    count(errors ? "EIO" : "another meaning");
  }

  private void count(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  private void compare(
      String path,
      Map<String, String> aspects,
      @org.jspecify.annotations.Nullable Map<String, String> mutant,
      Field field,
      List<String> silent,
      Set<String> excused) {
    if (mutant == null || excused.stream().anyMatch(path::startsWith)) {
      return; // its directory's listing tells
    }
    aspects.forEach(
        (aspect, value) -> {
          String now = mutant.getOrDefault(aspect, ImageContent.EIO);
          boolean allowed = isAllowed(field, path, aspect, aspects);
          if (!now.equals(value) && allowed && aspect.equals(ALL)) {
            excused.add(path + "/"); // even one that ends in an error began with other names
          } else if (!now.equals(value) && !now.equals(ImageContent.EIO) && !allowed) {
            silent.add(path + ": " + aspect + " " + value + " is now " + now);
          }
        });
  }

  private boolean isAllowed(Field field, String path, String aspect, Map<String, String> aspects) {
    if (field.kind().endsWith("compressed")) {
      return !checksums;
    }
    if (field.kind().equals("inode.number")) {
      return path.isEmpty()
          && Set.of("inode", "export").contains(aspect); // no entry names the root
    }
    boolean mine = field.inode() == 0 || Long.toString(field.inode()).equals(aspects.get("inode"));
    return mine && SAYS_WHAT_DATA_IS.getOrDefault(field.kind(), Set.of()).contains(aspect);
  }
}
