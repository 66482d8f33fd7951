package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.codec.Compression;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import io.strata.store.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A command that is run over what is published")
class PostProcessTest {
  private static final OptionalLong TIME = OptionalLong.of(1_700_000_000);

  @TempDir Path directory;
  private Path mirror;
  private Requests requests;
  private final List<String> notes = new ArrayList<>();

  @BeforeEach
  void prepare() throws Exception {
    ImageTools.needs("mksquashfs");
    ImageTools.needs("xdelta3");
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.writeString(tree.resolve("a"), "a".repeat(5000));
    mirror = directory.resolve("mirror");
    requests =
        new Requests(tree, mirror)
            .image(new ImageOptions(Compression.LZO, ImageOptions.DEFAULT_BLOCK, TIME));
  }

  @Test
  @DisplayName("changes neither the blob that two repositories share, nor the other repository")
  void shared() throws Exception {
    publish(requests.of("one", "1"));
    Path one = mirror.resolve("one-1.sqfs");
    Path blob = new BlobStore(mirror).blob(Digests.of(one).sha256());
    byte[] content = Files.readAllBytes(one);
    publish(requests.of("same", "1"));
    assertTrue(Files.isSameFile(blob, mirror.resolve("same-1.sqfs")));
    publish(requests.postProcess("printf signed >>", "two-1.sqfs$").of("two", "1"));
    assertEquals(content.length + 6, Files.size(mirror.resolve("two-1.sqfs")));
    assertEquals(-1, Files.mismatch(one, mirror.resolve("same-1.sqfs")));
    assertArrayEquals(content, Files.readAllBytes(blob));
    assertArrayEquals(content, Files.readAllBytes(one));
    // The block index is of the changed image; that of the others is shared.
    assertTrue(
        Files.isSameFile(
            mirror.resolve("one-1.sqfs.blocks"), mirror.resolve("same-1.sqfs.blocks")));
    assertListed();
  }

  @Test
  @DisplayName("is run for names that begin with a match, and unchanged files stay shared")
  void filter() throws Exception {
    publish(requests.of("one", "1"));
    String log = directory.resolve("log").toString();
    publish(requests.postProcess("echo >>" + log, "o|t.o-1").of("two", "1"));
    List<String> seen =
        Files.readAllLines(Path.of(log)).stream().map(l -> l.replaceAll(".*/", "")).toList();
    assertEquals(List.of("two-1.sqfs", "two-1.sqfs.blocks"), seen);
    assertTrue(Files.isSameFile(mirror.resolve("one-1.sqfs"), mirror.resolve("two-1.sqfs")));
    publish(requests.postProcess("false", "hree-1").of("three", "1"));
  }

  @Test
  @DisplayName("may change files that it is not given, and add some: all digests are taken anew")
  void others() throws Exception {
    publish(requests.of("one", "1"));
    String command = "f() { printf x >> \"$1\"; echo sig > \"$1.sig\"; }; f";
    Publication done = publish(requests.postProcess(command, "").of("two", "1"));
    assertEquals(
        List.of("two-1.sqfs", "two-1.sqfs.sig", "two-1.sqfs.blocks", "two-1.sqfs.blocks.sig"),
        done.files());
    assertListed();
    assertFalse(
        Files.isSameFile(mirror.resolve("one-1.sqfs.blocks"), mirror.resolve("two-1.sqfs.blocks")));
  }

  @Test
  @DisplayName("may make links to what it keeps elsewhere: they become files of their own")
  void links() throws Exception {
    Path theirs = Files.writeString(directory.resolve("theirs"), "signature");
    publish(requests.postProcess("f() { ln " + theirs + " $1.sig; }; f", ".*sqfs$").of("one", "1"));
    Files.writeString(theirs, "edited in place");
    assertEquals("signature", Files.readString(mirror.resolve("one-1.sqfs.sig")));
    assertListed();
  }

  @Test
  @DisplayName("makes deltas between the images as they are published; the tree is still known")
  void deltas() throws Exception {
    Requests signing = requests.postProcess("printf signed >>", ".*[.]sqfs$");
    publish(signing.of("demo", "1"));
    assertFalse(publish(signing.of("demo", "2")).changed());
    Files.writeString(requests.tree().resolve("b"), "b");
    Publication done = publish(signing.of("demo", "2"));
    assertEquals(2, done.deltas().size());
    assertTrue(Files.readString(mirror.resolve(".published")).startsWith("tree "));
    assertListed();
  }

  @Test
  @DisplayName("that fails, breaks the image or takes a file away publishes nothing")
  void failures() throws Exception {
    publish(requests.of("one", "1"));
    byte[] index = Files.readAllBytes(mirror.resolve("sha512sum.txt"));
    byte[] image = Files.readAllBytes(mirror.resolve("one-1.sqfs"));
    assertFails("f() { printf x >> \"$1\"; echo broken; exit 3; }; f", "with status 3");
    assertTrue(notes.contains("post-process: broken"), "" + notes);
    assertFails("truncate -s 100", "made it unreadable");
    assertFails("rm", "the command removed it");
    assertFails("f() { ln -s x \"$1.link\"; }; f", "it can't be published");
    assertFails(
        "f() { printf x > \"$(printf 'a\\nb')\"; }; f", "a?b: the command made it, and an index");
    assertFails("f() { printf x > \"$(printf 'a\\344')\"; }; f", "an index can't hold its name");
    assertFails("f() { case $1 in *.blocks) printf x >> two-1.sqfs;; esac; }; f", "another file");
    assertArrayEquals(index, Files.readAllBytes(mirror.resolve("sha512sum.txt")));
    assertArrayEquals(image, Files.readAllBytes(mirror.resolve("one-1.sqfs")));
    assertFalse(Files.exists(mirror.resolve("two-1.sqfs")));
    assertFalse(Files.exists(mirror.resolve(".publishing")));
  }

  @Test
  @DisplayName("replaces nothing in the mirror that somebody put there and no index lists")
  void unlisted() throws Exception {
    publish(requests.of("one", "1"));
    Files.writeString(mirror.resolve("README"), "mine");
    Files.createSymbolicLink(mirror.resolve("link"), Path.of("nowhere"));
    Files.createDirectory(mirror.resolve("directory"));
    for (String name : List.of("README", "link", "directory")) {
      assertFails("f() { echo > " + name + "; }; f", name + ": the command of --post-process made");
    }
    assertEquals("mine", Files.readString(mirror.resolve("README")));
    assertTrue(Files.isSymbolicLink(mirror.resolve("link")));
    assertFalse(Files.exists(mirror.resolve("two-1.sqfs")));
  }

  @Test
  @DisplayName("that fails leaves digests of what the files are now, and no link to what it wrote")
  void digestsAfterFailure() throws Exception {
    Files.createDirectories(mirror);
    BlobStore blobs = new BlobStore(mirror);
    try (Staging staging = Staging.open(mirror)) {
      StagedFiles files = new StagedFiles(staging, blobs);
      Files.writeString(staging.file("a"), "a");
      Files.writeString(staging.file("b"), "b");
      files.add("a");
      files.add("b");
      Path blobOfA = blobs.blob(files.digests("a").sha256());
      PostProcess process =
          new PostProcess(
              new PostProcessOptions("echo x > a; false", Pattern.compile("b")),
              new Snapshot("demo", "1"),
              PublishListener.NONE);
      assertThrows(PublishException.class, () -> process.run(files, files.names()));
      assertEquals(Digests.of(staging.file("a")), files.digests("a"));
      assertEquals("a", Files.readString(blobOfA));
      assertTrue(Files.isSameFile(staging.file("b"), blobs.blob(files.digests("b").sha256())));
    }
  }

  private void assertFails(String command, String words) {
    PublishRequest request = requests.postProcess(command, "").of("two", "1");
    PublishException e = assertThrows(PublishException.class, () -> publish(request));
    assertTrue(String.valueOf(e.getMessage()).contains(words), e.toString());
  }

  private void assertListed() throws Exception {
    ImageTools.run(
        "sh", "-c", "cd '" + mirror + "' && grep sqfs sha512sum.txt | sha512sum -c --strict");
  }

  private Publication publish(PublishRequest request) throws Exception {
    return new Publisher(Posix.system(), Clock.systemUTC()).publish(request, new Notes(notes));
  }
}
