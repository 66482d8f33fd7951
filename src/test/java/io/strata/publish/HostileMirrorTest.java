package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.codec.Compression;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import io.strata.trust.IndexException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("In a mirror directory where others have been, a publication")
class HostileMirrorTest {
  private static final OptionalLong TIME = OptionalLong.of(1_700_000_000);

  @TempDir Path directory;
  private Path tree;
  private Path mirror;
  private Path index;
  private Requests requests;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void prepare() throws Exception {
    ImageTools.needs("mksquashfs");
    ImageTools.needs("xdelta3");
    tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("a"), "a".repeat(5000));
    mirror = Files.createDirectory(directory.resolve("mirror"));
    index = mirror.resolve("sha512sum.txt");
    requests =
        new Requests(tree, mirror)
            .image(new ImageOptions(Compression.LZO, ImageOptions.DEFAULT_BLOCK, TIME));
  }

  @Test
  @DisplayName("publishes no line of what a link leads to, and goes on from no broken index")
  void index() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "root:secret\n");
    Files.createSymbolicLink(index, secret);
    assertFails(PublishException.class, "not a plain file", "1");
    Files.delete(index);
    Files.createSymbolicLink(index, directory.resolve("nothing"));
    assertFails(PublishException.class, "not a plain file", "1");
    Files.delete(index);
    ImageTools.run("mkfifo", index.toString());
    assertFails(PublishException.class, "not a plain file", "1");
    Files.delete(index);
    Files.writeString(index, "-----BEGIN PGP SIGNED MESSAGE-----\nno more");
    assertFails(IndexException.class, "sha512sum.txt", "1");
    assertEquals("root:secret\n", Files.readString(secret));
    assertEquals(List.of("sha512sum.txt"), names());
  }

  @Test
  @DisplayName("writes through no link to elsewhere, and removes nothing there")
  void links() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    String blob = "ab".repeat(32);
    Path part = Files.createDirectories(other.resolve("sha256/ab"));
    Path theirs = Files.writeString(part.resolve(blob), "theirs");
    assertTrue(theirs.toFile().setLastModified(0));
    Files.createSymbolicLink(mirror.resolve(".blobs"), other);
    assertFails(NotDirectoryException.class, ".blobs", "1");
    new BlobStore(mirror).collect(Clock.systemUTC().instant());
    Files.delete(mirror.resolve(".blobs"));
    for (String name : List.of(".publishing", ".published", "demo-1.sqfs", "demo-1.sqfs.blocks")) {
      Files.createSymbolicLink(mirror.resolve(name), name.equals(".publishing") ? other : theirs);
    }
    publish("1");
    assertEquals("theirs", Files.readString(theirs));
    assertEquals(
        List.of(".blobs", ".published", "demo-1.sqfs", "demo-1.sqfs.blocks", "sha512sum.txt"),
        names());
    assertFalse(Files.isSymbolicLink(mirror.resolve(".published")));
    assertFalse(Files.isSymbolicLink(mirror.resolve("demo-1.sqfs")));
    assertListed();
  }

  @Test
  @DisplayName("does not wait for a pipe, nor replace a directory, under an image's name")
  void notFiles() throws Exception {
    publish("1");
    Files.delete(mirror.resolve("demo-1.sqfs"));
    ImageTools.run("mkfifo", mirror.resolve("demo-1.sqfs").toString());
    Files.writeString(tree.resolve("b"), "b");
    byte[] before = Files.readAllBytes(index);
    Files.createDirectory(mirror.resolve("demo-2.sqfs.blocks"));
    assertFails(FileSystemException.class, "demo-2.sqfs.blocks", "2");
    assertArrayEquals(before, Files.readAllBytes(index));
    assertFalse(Files.exists(mirror.resolve("demo-2.sqfs")));
    assertTrue(Files.isDirectory(mirror.resolve("demo-2.sqfs.blocks")));
    Files.delete(mirror.resolve("demo-2.sqfs.blocks"));
    assertEquals(List.of(), publish("2").deltas());
    assertTrue(notes.getLast().contains("is not here, so no delta"), "" + notes);
  }

  @Test
  @DisplayName("sees that a shared file was edited in place, and shares with it no longer")
  void editedInPlace() throws Exception {
    publish("1");
    Path image = mirror.resolve("demo-1.sqfs");
    byte[] good = Files.readAllBytes(image);
    try (var channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1}), 4000);
    }
    publish(requests.of("same", "1"));
    assertArrayEquals(good, Files.readAllBytes(mirror.resolve("same-1.sqfs")));
    assertFalse(Files.isSameFile(image, mirror.resolve("same-1.sqfs")));
    Files.writeString(tree.resolve("b"), "b");
    assertEquals(List.of(), publish("2").deltas());
    assertTrue(notes.getLast().contains("is not what the index lists"), "" + notes);
  }

  @Test
  @DisplayName("lets no command replace the index, or what it lists by something else")
  void commands() throws Exception {
    publish(requests.of("other", "1"));
    publish(requests.postProcess("f() { echo key > key.asc; }; f", "").of("demo", "1"));
    byte[] before = Files.readAllBytes(index);
    Files.writeString(tree.resolve("b"), "b");
    for (String name : List.of("sha512sum.txt", "other-1.sqfs", "key.asc")) {
      PublishRequest request =
          requests.postProcess("f() { echo mine > " + name + "; }; f", "").of("demo", "2");
      PublishException e = assertThrows(PublishException.class, () -> publish(request));
      assertTrue(e.toString().contains(name + ": the command of --post-process"), e.toString());
    }
    assertArrayEquals(before, Files.readAllBytes(index));
    publish(requests.postProcess("f() { echo key > key.asc; }; f", "").of("demo", "2"));
    assertListed();
  }

  private <E extends Exception> void assertFails(Class<E> kind, String words, String version) {
    E e = assertThrows(kind, () -> publish(version));
    assertTrue(e.toString().contains(words), e.toString());
  }

  private List<String> names() throws Exception {
    try (var all = Files.list(mirror)) {
      return all.map(path -> path.getFileName() + "").sorted().toList();
    }
  }

  private void assertListed() throws Exception {
    ImageTools.run(
        "sh", "-c", "cd '" + mirror + "' && grep -E 'sqfs|asc' sha512sum.txt | sha512sum -c");
  }

  private Publication publish(String version) throws Exception {
    return publish(requests.of("demo", version));
  }

  private Publication publish(PublishRequest request) throws Exception {
    return new Publisher(Posix.system(), Clock.systemUTC()).publish(request, new Notes(notes));
  }
}
