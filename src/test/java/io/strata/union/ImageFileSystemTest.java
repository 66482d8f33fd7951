package io.strata.union;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.fuse.Attributes;
import io.strata.fuse.Entry;
import io.strata.fuse.FileSystem;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NativeBuffer;
import io.strata.squashfs.SquashFsImage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An image served as it is")
class ImageFileSystemTest {
  private static final int SUPERBLOCK_SIZE = 96;
  private static final byte[] DOT = {'.'};
  private static final byte[] SLASH = {'/'}; // what the kernel calls that which has no place yet
  private static final byte[] DOT_DOT = {'.', '.'};

  @TempDir Path directory;

  private final List<String> damage = new ArrayList<>();
  private SquashFsImage image;
  private ImageFileSystem fileSystem;
  private Path imagePath;

  @BeforeEach
  void build() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree/d"));
    Files.writeString(tree.resolve("file"), "content");
    Files.writeString(
        tree.resolve("text"), "so that the fragment is worth compressing. ".repeat(99));
    for (int i = 0; i < 10; i++) {
      Files.writeString(tree.resolve("n" + i), "");
    }
    Files.createLink(tree.resolve("../hard"), tree.resolve("file"));
    Files.writeString(tree.resolve("../top"), "");
    Files.createDirectories(tree.resolve("below/deeper"));
    Files.writeString(tree.resolve("below/deeper/leaf"), "");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("target"));
    imagePath = directory.resolve("image.sqfs");
    Process made =
        new ProcessBuilder(
                "mksquashfs",
                directory.resolve("tree").toString(),
                imagePath.toString(),
                "-comp",
                "zstd",
                "-quiet")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, made.waitFor());
    serve();
  }

  private void serve() throws Exception {
    image = SquashFsImage.open(imagePath);
    fileSystem =
        new ImageFileSystem(
            new LowerLayer.Image(image),
            Attributes.FOREVER,
            (name, what) -> damage.add(name + ": " + what));
  }

  @AfterEach
  void close() {
    image.close();
  }

  private long find(String path) throws ErrnoException {
    long node = FileSystem.ROOT;
    Entry entry = new Entry();
    for (String name : path.split("/")) {
      entry.clear();
      fileSystem.lookup(Caller.ROOT, node, name.getBytes(UTF_8), entry);
      node = entry.node;
    }
    return node;
  }

  @Test
  @DisplayName("finds names, and gives absent ones as entries to remember")
  void lookup() throws Exception {
    Entry entry = new Entry();
    fileSystem.lookup(Caller.ROOT, FileSystem.ROOT, "absent".getBytes(UTF_8), entry);
    assertEquals(0, entry.node);
    assertEquals(Attributes.FOREVER, entry.lifetime);
    assertEquals(find("hard"), find("d/file"), "hard links are one node");
    assertEquals(FileSystem.ROOT, find("d/.."));
    assertEquals(find("d"), find("d/."));
  }

  @Test
  @DisplayName("refuses a name of 256 bytes")
  void longNames() {
    ErrnoException error = assertThrows(ErrnoException.class, () -> find("x".repeat(256)));
    assertEquals(Errno.ENAMETOOLONG, error.errno());
  }

  @Test
  @DisplayName("gives attributes as the kernel's own mount would")
  void attributes() throws Exception {
    Attributes attributes = new Attributes();
    fileSystem.getAttributes(Caller.ROOT, find("hard"), false, 0, attributes);
    Path hard = directory.resolve("tree/hard");
    assertEquals(7, attributes.size);
    assertEquals(1, attributes.blocks, "7 bytes are one unit of 512");
    assertEquals(2, attributes.linkCount);
    assertEquals(Files.getAttribute(hard, "unix:mode"), attributes.mode);
    assertEquals(
        Files.getLastModifiedTime(hard).toInstant().getEpochSecond(), attributes.changeSeconds);
    assertEquals(Attributes.FOREVER, attributes.lifetime);
  }

  private interface Call {
    void run(long node) throws ErrnoException;
  }

  @Test
  @DisplayName("finds by its id a node that the kernel has forgotten, and the directory above one")
  void handles() throws Exception {
    Entry entry = new Entry();
    for (String path : List.of("hard", "d", "d/link", "d/n3")) {
      long node = find(path);
      for (byte[] self : List.of(DOT, SLASH)) {
        entry.clear();
        fileSystem.lookup(Caller.ROOT, node, self, entry);
        assertEquals(node, entry.node);
        assertEquals(image.identity(), entry.generation, "handles are of this image");
      }
    }
    entry.clear();
    fileSystem.lookup(Caller.ROOT, find("d"), DOT_DOT, entry);
    assertEquals(FileSystem.ROOT, entry.node);
    assertEquals(0, entry.generation, "the kernel has made the root's node");
    assertTrue(fileSystem.features().export());
  }

  @Test
  @DisplayName("gives ESTALE for ids that are no node's: made up, of another image, of its root")
  void staleHandles() throws Exception {
    long file = find("hard");
    long layer = 1L << LayerIds.SHIFT;
    List<Long> forged =
        List.of(
            0L,
            2L,
            -1L,
            file + 1,
            file + 4,
            file + (1L << 16),
            file + layer,
            file - layer,
            file | 1L << 46,
            layer | image.rootReference(),
            layer | 0xffff,
            layer | 0x7fff_0000L);
    Attributes attributes = new Attributes();
    NativeBuffer target = NativeBuffer.allocate(16);
    List<Call> calls =
        List.of(
            node -> fileSystem.lookup(Caller.ROOT, node, DOT, new Entry()),
            node -> fileSystem.lookup(Caller.ROOT, node, DOT_DOT, new Entry()),
            node -> fileSystem.lookup(Caller.ROOT, node, "name".getBytes(UTF_8), new Entry()),
            node -> fileSystem.getAttributes(Caller.ROOT, node, false, 0, attributes),
            node -> fileSystem.read(Caller.ROOT, node, 0, 0, 16, target, 0),
            node -> fileSystem.readLink(Caller.ROOT, node),
            node -> fileSystem.seek(Caller.ROOT, node, 0, 0, 3),
            node -> fileSystem.listXattr(Caller.ROOT, node, ByteBuffer.allocate(9)),
            node -> fileSystem.getXattr(Caller.ROOT, node, DOT, ByteBuffer.allocate(9)),
            node -> EntryList.of(fileSystem, node, true));
    for (long node : forged) {
      for (Call call : calls) {
        ErrnoException error = assertThrows(ErrnoException.class, () -> call.run(node));
        assertEquals(Errno.ESTALE, error.errno(), () -> Long.toHexString(node));
      }
    }
    assertEquals(List.of(), damage, "what was made up is no damage");
  }

  @Test
  @DisplayName("reads files and links")
  void reads() throws Exception {
    NativeBuffer target = NativeBuffer.allocate(16);
    assertEquals(5, fileSystem.read(Caller.ROOT, find("hard"), 0, 2, 10, target, 3));
    byte[] bytes = new byte[5];
    target.bytes().get(3, bytes);
    assertEquals("ntent", new String(bytes, UTF_8));
    assertArrayEquals("target".getBytes(UTF_8), fileSystem.readLink(Caller.ROOT, find("d/link")));
  }

  @Test
  @DisplayName("lists each entry once, with and without attributes, whatever the buffer's size")
  void lists() throws Exception {
    List<EntryList.Seen> plain = EntryList.of(fileSystem, find("d"), false);
    List<EntryList.Seen> plus = EntryList.of(fileSystem, find("d"), true);
    String names = ".,..,below,file,link,n0,n1,n2,n3,n4,n5,n6,n7,n8,n9,text";
    assertEquals(names, plain.stream().map(s -> s.name()).collect(Collectors.joining(",")));
    assertEquals(
        plain.stream().map(s -> s.name() + s.inode() + s.type() + s.next()).toList(),
        plus.stream().map(s -> s.name() + s.inode() + s.type() + s.next()).toList());
    assertEquals(find("d/file"), plus.get(3).node());
  }

  @Test
  @DisplayName("serves a directory of it, from which nothing leads to the rest")
  void subdirectory() throws Exception {
    long inside = find("d/text");
    long outside = find("top");
    long linked = find("hard");
    long above = image.rootReference() | 1L << LayerIds.SHIFT;
    LowerLayer.Image directory =
        new LowerLayer.Image(image, find("d") & 0xffff_ffff_ffffL, Owners.OF_IMAGE);
    fileSystem = new ImageFileSystem(directory, 5, (name, what) -> damage.add(name + what));
    assertTrue(fileSystem.features().export());
    assertEquals(5, fileSystem.features().lifetime());
    assertEquals(inside, find("text"));
    assertEquals(0, find("top"));
    assertEquals(FileSystem.ROOT, find(".."));
    assertEquals(FileSystem.ROOT, find("below/.."));
    assertEquals(find("below"), find("below/deeper/.."));
    List<EntryList.Seen> listed = EntryList.of(fileSystem, FileSystem.ROOT, true);
    assertEquals(listed.get(0).inode(), listed.get(1).inode(), "the root is its own parent");
    // What a file handle may say, which another has made up.
    for (long node : new long[] {inside, linked, find("below/deeper/leaf"), find("below")}) {
      assertEquals(node, self(node));
    }
    for (long node : new long[] {outside, above}) {
      ErrnoException error = assertThrows(ErrnoException.class, () -> self(node));
      assertEquals(Errno.ESTALE, error.errno());
    }
  }

  private long self(long node) throws ErrnoException {
    Entry entry = new Entry();
    fileSystem.lookup(Caller.ROOT, node, ".".getBytes(UTF_8), entry);
    assertEquals(5, entry.lifetime);
    assertEquals(5, entry.attributes.lifetime);
    return entry.node;
  }

  @Test
  @DisplayName("gives EIO for what is damaged, and says in the log where")
  void damaged() throws Exception {
    image.close();
    byte[] bytes = Files.readAllBytes(imagePath);
    bytes[SUPERBLOCK_SIZE] ^= 0x55; // the first byte of data: of the fragment with "content"
    Files.write(imagePath, bytes);
    serve();
    NativeBuffer target = NativeBuffer.allocate(16);
    ErrnoException error =
        assertThrows(
            ErrnoException.class,
            () -> fileSystem.read(Caller.ROOT, find("hard"), 0, 0, 7, target, 0));
    assertEquals(Errno.EIO, error.errno());
    assertEquals(1, damage.size());
    assertTrue(damage.getFirst().startsWith(imagePath + ": "), damage.getFirst());
    assertTrue(damage.getFirst().contains("at byte 96"), damage.getFirst());
    assertArrayEquals("target".getBytes(UTF_8), fileSystem.readLink(Caller.ROOT, find("d/link")));
  }
}
