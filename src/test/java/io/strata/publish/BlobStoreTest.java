package io.strata.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The store of blobs")
class BlobStoreTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  @TempDir Path mirror;
  private BlobStore store;

  @BeforeEach
  void open() {
    store = new BlobStore(mirror);
  }

  @Test
  @DisplayName("lies in .blobs/sha256/aa/aaaa..., and equal files are links to one blob")
  void share() throws Exception {
    Path a = shared("a", "same");
    Path b = shared("b", "same");
    // printf same | sha256sum
    String digest = "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5";
    Path blob = mirror.resolve(".blobs/sha256/09").resolve(digest);
    assertEquals(blob, store.blob(digest));
    assertTrue(Files.isSameFile(a, blob));
    assertTrue(Files.isSameFile(b, blob));
    assertEquals(3, links(blob));
  }

  @Test
  @DisplayName("a private copy has the content, mode and time of the file, and no other name")
  void unshare() throws Exception {
    Path a = shared("a", "same");
    assertTrue(a.toFile().setExecutable(true, false));
    Path b = shared("b", "same");
    FileTime time = FileTime.from(NOW);
    Files.setLastModifiedTime(b, time);
    BlobStore.unshare(b, mirror.resolve("scratch"));
    assertEquals(1, links(b));
    assertEquals(2, links(a));
    assertTrue(Files.isExecutable(b));
    assertEquals(time, Files.getLastModifiedTime(b));
    Files.writeString(b, "other");
    assertEquals("same", Files.readString(a));
  }

  @Test
  @DisplayName("a blob that somebody changed is not taken for what it should be")
  void damaged() throws Exception {
    Path a = shared("a", "same");
    Files.writeString(a, "damaged in place");
    Path b = shared("b", "same");
    assertEquals("same", Files.readString(b));
    assertEquals(2, links(b));
    Path c = shared("c", "same");
    assertTrue(Files.isSameFile(b, c));
  }

  @Test
  @DisplayName("loses a blob when nothing links to it and it is older than ten minutes")
  void collect() throws Exception {
    Path linked = shared("linked", "linked");
    Path old = shared("old", "old");
    Path young = shared("young", "young");
    Path oldBlob = store.blob(Digests.of(old).sha256());
    Path youngBlob = store.blob(Digests.of(young).sha256());
    Files.setLastModifiedTime(linked, FileTime.from(NOW.minusSeconds(9999)));
    Files.setLastModifiedTime(old, FileTime.from(NOW.minusSeconds(601)));
    Files.setLastModifiedTime(young, FileTime.from(NOW.minusSeconds(600)));
    Files.delete(old);
    Files.delete(young);
    Path note = Files.writeString(oldBlob.resolveSibling("README"), "not a blob");
    Files.setLastModifiedTime(note, FileTime.from(NOW.minusSeconds(9999)));
    store.collect(NOW);
    assertFalse(Files.exists(oldBlob));
    assertTrue(Files.exists(youngBlob));
    assertTrue(Files.exists(note));
    assertEquals(2, links(linked));
  }

  private Path shared(String name, String content) throws Exception {
    Path file = Files.writeString(mirror.resolve(name), content);
    store.share(file, Digests.of(file).sha256(), mirror.resolve("scratch"));
    assertFalse(Files.exists(mirror.resolve("scratch")));
    return file;
  }

  private static int links(Path file) throws Exception {
    return (Integer) Files.getAttribute(file, "unix:nlink");
  }
}
