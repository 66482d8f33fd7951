package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.blocks.BlockIndex;
import io.strata.codec.Compression;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import io.strata.squashfs.SquashFsImage;
import io.strata.store.Snapshot;
import io.strata.trust.IndexReader;
import io.strata.trust.Verification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Publishing")
class PublisherTest {
  private static final List<String> FIRST =
      List.of("demo-1.sqfs", "demo-1.sqfs.blocks", "sha512sum.txt");

  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  @TempDir Path directory;
  private Path tree;
  private Path mirror;
  private final List<String> notes = new ArrayList<>();
  private final TreeSet<PublishListener.Step> steps = new TreeSet<>();

  @BeforeEach
  void prepare() throws Exception {
    ImageTools.needs("mksquashfs");
    ImageTools.needs("xdelta3");
    tree = Trees.make(directory.resolve("tree"));
    mirror = directory.resolve("mirror");
  }

  @Test
  @DisplayName("the first snapshot makes an image and an index that names it, and nothing else")
  void first() throws Exception {
    Publication done = publish("1");
    assertTrue(done.changed());
    assertEquals(List.of(), done.deltas());
    assertEquals(List.of("demo-1.sqfs", "demo-1.sqfs.blocks"), done.files());
    assertEquals(FIRST, names(mirror));
    Path image = mirror.resolve("demo-1.sqfs");
    assertEquals(Files.size(image), done.imageSize());
    assertEquals(lines("demo-1.sqfs", "demo-1.sqfs.blocks") + "Current: demo-1\n", index());
    BlockIndex blocks = BlockIndex.read(Files.readAllBytes(mirror.resolve("demo-1.sqfs.blocks")));
    assertEquals(Digests.sha512(image), blocks.imageSha512());
    try (SquashFsImage opened = SquashFsImage.open(image)) {
      assertEquals(Compression.LZO, opened.superblock().compression());
      assertEquals(NOW.getEpochSecond(), opened.superblock().makeTime());
      assertEquals(23, opened.superblock().inodes()); // 20 files, 2 directories, the root
    }
    assertTrue(steps.contains(PublishListener.Step.IMAGE));
  }

  @Test
  @DisplayName("gives the same bytes for the same tree and time, and keeps the files' own times")
  void reproducible() throws Exception {
    Files.setLastModifiedTime(tree.resolve("odd/file-1"), FileTime.from(NOW.plusSeconds(1000)));
    OptionalLong epoch = OptionalLong.of(1_500_000_000);
    Requests requests =
        new Requests(tree, mirror)
            .image(new ImageOptions(Compression.LZO, ImageOptions.DEFAULT_BLOCK, epoch));
    publish(requests.of("a", "1"));
    Path copy = directory.resolve("copy"); // in which everything lies elsewhere on the disk
    ImageTools.run("cp", "-a", tree.toString(), copy.toString());
    Requests ofCopy = new Requests(copy, mirror).image(requests.image());
    publish(ofCopy.of("b", "1"));
    assertEquals(-1, Files.mismatch(mirror.resolve("a-1.sqfs"), mirror.resolve("b-1.sqfs")));
    try (SquashFsImage image = SquashFsImage.open(mirror.resolve("a-1.sqfs"))) {
      assertEquals(1_500_000_000, image.superblock().makeTime());
      var odd =
          (io.strata.squashfs.DirectoryInode)
              image.inode(image.lookup(image.root(), Trees.bytes("odd")));
      var file = image.inode(image.lookup(odd, Trees.bytes("file-1")));
      assertEquals(NOW.getEpochSecond() + 1000, file.modifyTime());
    }
  }

  @Test
  @DisplayName("a version again is fine with the same content, at whatever time, and else refused")
  void again() throws Exception {
    publish("1");
    String before = index();
    Clock later = Clock.fixed(NOW.plusSeconds(9999), ZoneOffset.UTC);
    Publication done =
        new Publisher(Posix.system(), later).publish(request("1"), PublishListener.NONE);
    assertFalse(done.changed());
    Files.writeString(tree.resolve("new"), "new");
    PublishException e = assertThrows(PublishException.class, () -> publish("1"));
    assertTrue(e.toString().contains("demo-1 is published already, with other content"));
    assertEquals(before, index());
    assertEquals(FIRST, names(mirror));
  }

  @Test
  @DisplayName("another version of the same tree is none: the mirror stays as it is")
  void unchanged() throws Exception {
    publish("1");
    String before = index();
    Clock later = Clock.fixed(NOW.plusSeconds(9999), ZoneOffset.UTC);
    Publication done =
        new Publisher(Posix.system(), later).publish(request("2"), PublishListener.NONE);
    assertFalse(done.changed());
    assertEquals(new Snapshot("demo", "1"), done.snapshot());
    assertEquals(before, index());
    assertEquals(FIRST, names(mirror));
    Files.setLastModifiedTime(tree.resolve("odd"), FileTime.from(NOW));
    assertTrue(publish("2").changed());
  }

  @Test
  @DisplayName("leaves every line of others in the index, and their current snapshots")
  void others() throws Exception {
    Files.createDirectories(mirror);
    String digest = "ab".repeat(64);
    String others =
        """
        # a remark
        %1$s  demo-overlay-1.sqfs
        %1$s *other-3.sqfs
        Current: other-3 demo-overlay-1 demo-0
        """
            .formatted(digest);
    Files.writeString(mirror.resolve("sha512sum.txt"), others + digest + "  demo-0.sqfs\n");
    Publication done = publish("1");
    assertEquals(List.of(), done.deltas());
    assertEquals(
        List.of(mirror.resolve("demo-0.sqfs") + " is not here, so no delta from it is made"),
        notes);
    assertEquals(
        """
        # a remark
        %1$s  demo-overlay-1.sqfs
        %1$s *other-3.sqfs
        Current: other-3 demo-overlay-1
        %1$s  demo-0.sqfs
        %2$sCurrent: demo-1
        """
            .formatted(digest, lines("demo-1.sqfs", "demo-1.sqfs.blocks")),
        index());
  }

  @Test
  @DisplayName("an image that is not what the index lists is no base for a delta")
  void damagedBase() throws Exception {
    publish("1");
    Files.write(mirror.resolve("demo-1.sqfs"), new byte[] {1, 2, 3});
    assertEquals(List.of(), publish("2").deltas());
    assertTrue(
        notes.getLast().endsWith("is not what the index lists, so no delta from it is made"));
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(mirror.resolve("demo-1.sqfs")));
  }

  @Test
  @DisplayName("what a killed process left is cleaned up or replaced, and does not disturb")
  void leftovers() throws Exception {
    Path staging = Files.createDirectories(mirror.resolve(".publishing"));
    Files.writeString(staging.resolve("demo-1.sqfs"), "half an image");
    Files.writeString(staging.resolve(".demo-0-1.sqdelta.0000abcd.part"), "half a delta");
    Files.writeString(mirror.resolve(".published"), "unlisted 1800000000 demo-1.sqfs\n");
    Files.writeString(mirror.resolve("demo-1.sqfs"), "renamed, but listed by no index");
    publish("1");
    assertEquals(FIRST, names(mirror));
    assertFalse(Files.exists(staging));
    assertTrue(index().startsWith(Digests.sha512(mirror.resolve("demo-1.sqfs"))));
  }

  @Test
  @DisplayName("one at a time: a second publisher is turned away, and nothing is touched")
  void exclusion() throws Exception {
    publish("1");
    try (MirrorLock held = MirrorLock.take(Posix.system(), mirror)) {
      assertEquals(MirrorLock.class, held.getClass());
      assertThrows(MirrorBusyException.class, () -> publish("2"));
    }
    Files.writeString(tree.resolve("new"), "new");
    assertTrue(publish("2").changed());
  }

  @Test
  @DisplayName("what is no longer listed stays until its time is over, and goes then")
  void retention() throws Exception {
    Requests requests =
        new Requests(tree, mirror)
            .retention(
                new RetentionOptions(OptionalInt.of(2), OptionalInt.empty(), Duration.ofHours(1)));
    for (int i = 1; i <= 3; i++) {
      Files.writeString(tree.resolve("odd/file-7"), "change " + i);
      publish(requests.of("demo", "" + i));
    }
    assertFalse(index().contains("demo-1.sqfs"), index());
    assertTrue(index().contains("demo-1-3.sqdelta"), index());
    assertTrue(Files.exists(mirror.resolve("demo-1.sqfs")));
    Publication early = at(NOW.plusSeconds(3599), requests.of("demo", "4"));
    assertEquals(List.of(), early.removed());
    Publication late = at(NOW.plusSeconds(3600), requests.of("demo", "4"));
    assertEquals(List.of("demo-1.sqfs", "demo-1.sqfs.blocks"), late.removed());
    assertFalse(Files.exists(mirror.resolve("demo-1.sqfs")));
    String state = Files.readString(mirror.resolve(".published"));
    assertFalse(state.contains("unlisted"), state);
    ImageTools.run(
        "sh", "-c", "cd '" + mirror + "' && grep sq sha512sum.txt | sha512sum -c --strict");
  }

  private Publication at(Instant time, PublishRequest request) throws Exception {
    Clock clock = Clock.fixed(time, ZoneOffset.UTC);
    return new Publisher(Posix.system(), clock).publish(request, PublishListener.NONE);
  }

  @Test
  @DisplayName("refuses what would go wrong before it makes anything")
  void refusals() throws Exception {
    assertMessage("no such directory", directory.resolve("nothing"), mirror, "1");
    assertMessage("not a directory", tree.resolve("odd/file-1"), mirror, "1");
    assertMessage("would become part of the image", tree, tree.resolve("odd"), "1");
    assertMessage("can't be read back from an index", tree, mirror, "rc-1 x");
    assertMessage("can't be read back from an index", tree, mirror, "overlay-1");
    assertEquals(List.of(), names(mirror));
  }

  @Test
  @DisplayName("leaves the block index out where the version leaves no room for its name")
  void longVersion() throws Exception {
    String version = "v".repeat(245); // demo-....sqfs has 255 bytes
    publish(version);
    assertEquals(List.of("demo-" + version + ".sqfs", "sha512sum.txt"), names(mirror));
    assertTrue(notes.getFirst().contains("too long for a file's name"), "" + notes);
  }

  private void assertMessage(String words, Path from, Path to, String version) {
    PublishRequest request = PublishRequest.of(from, new Snapshot("demo", version), to);
    PublishException e = assertThrows(PublishException.class, () -> publish(request));
    assertTrue(e.toString().contains(words), e.toString());
  }

  private PublishRequest request(String version) {
    return new Requests(tree, mirror).of("demo", version);
  }

  private String lines(String... names) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (String name : names) {
      lines.append(Digests.sha512(mirror.resolve(name))).append("  ").append(name).append('\n');
    }
    return lines.toString();
  }

  private Publication publish(String version) throws Exception {
    return publish(request(version));
  }

  private Publication publish(PublishRequest request) throws Exception {
    Publisher publisher = new Publisher(Posix.system(), Clock.fixed(NOW, ZoneOffset.UTC));
    Publication done = publisher.publish(request, new Heard());
    IndexReader.of(Verification.NO, Optional.empty())
        .read(Files.readAllBytes(mirror.resolve("sha512sum.txt")))
        .currentVersion(request.snapshot().repository());
    return done;
  }

  private String index() throws Exception {
    return Files.readString(mirror.resolve("sha512sum.txt"));
  }

  private static List<String> names(Path of) throws Exception {
    try (var all = Files.list(of)) {
      return all.map(path -> path.getFileName() + "")
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  private final class Heard implements PublishListener {
    @Override
    public void progress(Step step, long done, long total) {
      steps.add(step);
    }

    @Override
    public void note(String line) {
      notes.add(line);
    }
  }
}
