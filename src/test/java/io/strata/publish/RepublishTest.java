package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.codec.Compression;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageTools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A version that clients may have")
class RepublishTest {
  @TempDir Path directory;
  private Path tree;
  private Path mirror;
  private Requests requests;

  @BeforeEach
  void prepare() throws Exception {
    ImageTools.needs("mksquashfs");
    tree = Files.createDirectory(directory.resolve("tree"));
    mirror = directory.resolve("mirror");
    // The same tree gives the same image, and nothing stays that is not listed.
    requests =
        new Requests(tree, mirror)
            .image(
                new ImageOptions(
                    Compression.GZIP, ImageOptions.DEFAULT_BLOCK, OptionalLong.of(1_700_000_000)))
            .deltas(new DeltaOptions(0, 0.7, 1, java.util.Set.of()))
            .retention(new RetentionOptions(OptionalInt.of(1), OptionalInt.empty(), Duration.ZERO));
  }

  @Test
  @DisplayName("stays what it was after retention took it away: only the same image is taken again")
  void retired() throws Exception {
    for (String version : List.of("1", "2", "3")) {
      publish(version, "content " + version);
    }
    assertFalse(Files.exists(mirror.resolve("demo-1.sqfs")));
    byte[] index = Files.readAllBytes(mirror.resolve("sha512sum.txt"));
    assertRefused("demo-1 was published before, with another image", "1", "new");
    assertEquals(new String(index), Files.readString(mirror.resolve("sha512sum.txt")));
    publish("1", "content 1");
    assertTrue(Files.readString(mirror.resolve("sha512sum.txt")).contains("Current: demo-1"));
  }

  @Test
  @DisplayName("stays what it was after somebody took it out of the index")
  void removedByHand() throws Exception {
    publish("1", "content 1");
    Files.delete(mirror.resolve("sha512sum.txt"));
    Files.delete(mirror.resolve("demo-1.sqfs"));
    assertRefused("was published before", "1", "new");
    publish("2", "content 2");
    assertRefused("was published before", "1", "new");
  }

  @Test
  @DisplayName("is not replaced where somebody put it, unlisted")
  void putByHand() throws Exception {
    publish("1", "content 1");
    Path theirs = Files.writeString(mirror.resolve("demo-2.sqfs"), "theirs");
    assertRefused("the index does not list it", "2", "content 2");
    assertEquals("theirs", Files.readString(theirs));
    publish("3", "content 3");
    assertEquals("theirs", Files.readString(theirs));
  }

  private void assertRefused(String words, String version, String content) {
    PublishException e = assertThrows(PublishException.class, () -> publish(version, content));
    assertTrue(e.toString().contains(words), e.toString());
    assertTrue(e.toString().contains("choose another version"), e.toString());
  }

  private void publish(String version, String content) throws Exception {
    Path file = Files.writeString(tree.resolve("a"), content);
    assertTrue(file.toFile().setLastModified(1_700_000_000_000L));
    assertTrue(tree.toFile().setLastModified(1_700_000_000_000L));
    assertTrue(
        new Publisher(Posix.system(), Clock.systemUTC())
            .publish(requests.of("demo", version), PublishListener.NONE)
            .changed());
  }
}
