package io.strata.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The image cache")
class ImageStoreTest {
  private static final String DIGEST = "0123456789abcdef".repeat(8);
  private static final Snapshot ONE = new Snapshot("guru", "1");
  private static final Snapshot TWO = new Snapshot("guru", "2");

  @TempDir Path directory;
  private ImageStore store;

  @BeforeEach
  void open() {
    store = new ImageStore(directory.resolve("cache"), Posix.system());
  }

  @Test
  @DisplayName("that was never used has no current image, and says how to get one")
  void nothing() throws Exception {
    assertEquals(new Current.None(), store.current("guru"));
    assertEquals(RepositoryState.EMPTY, store.state("guru"));
    StoreException e = assertThrows(StoreException.class, () -> store.leaseCurrent("guru"));
    assertTrue(e.toString().contains("strata sync guru"), e.toString());
    assertFalse(Files.exists(store.directory()), "looking changes nothing");
  }

  @Test
  @DisplayName("has a relative link to the current image, swapped by a rename")
  void link() throws Exception {
    try (LockedRepository locked = store.lock("guru")) {
      put(locked, ONE);
      locked.makeCurrent(ONE, Optional.empty());
      put(locked, TWO);
      locked.makeCurrent(TWO, Optional.empty());
    }
    Path link = store.directory().resolve("guru-current.sqfs");
    assertEquals(Path.of("guru-2.sqfs"), Files.readSymbolicLink(link));
    assertEquals(
        new Current.Present(TWO, store.directory().resolve("guru-2.sqfs")), store.current("guru"));
    assertEquals(List.of(), leftovers());
  }

  @Test
  @DisplayName("keeps an old image while a lease of it is held, also in another process")
  void leases() throws Exception {
    try (LockedRepository locked = store.lock("guru")) {
      put(locked, ONE);
      put(locked, TWO);
      locked.makeCurrent(TWO, Optional.empty());
      try (Lease lease = store.lease(ONE)) {
        assertEquals(List.of(new OldImage(ONE, 6, true)), locked.collect(1));
        assertTrue(Files.exists(lease.image()));
      }
      Process holder = sharedLock(store.image(ONE));
      assertEquals(List.of(new OldImage(ONE, 6, true)), locked.collect(1));
      assertTrue(holder.isAlive());
      holder.destroyForcibly().waitFor();
      assertEquals(List.of(new OldImage(ONE, 6, false)), store.collectable("guru", 1));
      assertTrue(Files.exists(store.image(ONE)), "looking removes nothing");
      assertEquals(List.of(new OldImage(ONE, 6, false)), locked.collect(1));
      assertFalse(Files.exists(store.image(ONE)));
      assertTrue(Files.exists(store.image(TWO)));
      assertEquals(1, locked.state().images().size());
    }
  }

  @Test
  @DisplayName("keeps as many snapshots as are wanted, those that were current last")
  void keeps() throws Exception {
    try (LockedRepository locked = store.lock("guru")) {
      for (String version : List.of("9", "2", "5", "1")) {
        put(locked, new Snapshot("guru", version));
        locked.makeCurrent(new Snapshot("guru", version), Optional.empty());
      }
      put(locked, new Snapshot("guru", "7")); // never was current
      assertEquals(List.of("2", "5", "7", "9"), versions(store.collectable("guru", 1)));
      assertEquals(List.of("7", "9"), versions(store.collectable("guru", 3)));
      Files.delete(store.image(new Snapshot("guru", "5"))); // killed before it was forgotten
      assertEquals(List.of("7"), versions(locked.collect(3)));
      assertEquals(Set.of("1", "2", "9"), locked.state().images().keySet());
      locked.makeCurrent(new Snapshot("guru", "2"), Optional.of("1"));
      assertEquals(
          new History(List.of("9", "2"), Optional.of("1"), Optional.empty()), locked.history());
      Files.delete(store.image(new Snapshot("guru", "2")));
      assertEquals(List.of(), locked.collect(1), "with a link that dangles all are kept");
    }
  }

  private static List<String> versions(List<OldImage> images) {
    return images.stream().map(image -> image.snapshot().version()).toList();
  }

  @Test
  @DisplayName("gives a lease also while somebody looks for a moment whether the image is used")
  void leaseWaits() throws Exception {
    try (LockedRepository locked = store.lock("guru")) {
      put(locked, ONE);
    }
    Process looking =
        new ProcessBuilder(
                "flock",
                "--no-fork",
                store.image(ONE).toString(),
                "sh",
                "-c",
                "echo held; exec sleep 0.2")
            .start();
    assertEquals("held", looking.inputReader().readLine());
    try (Lease lease = store.lease(ONE)) {
      assertEquals(store.image(ONE), lease.image());
    }
    assertEquals(0, looking.waitFor());
  }

  @Test
  @DisplayName("remembers what the hooks heard of last; in version 1 that is what was current last")
  void told() throws Exception {
    Path file = store.directory().resolve(".strata/guru.history");
    try (LockedRepository locked = store.lock("guru")) {
      put(locked, ONE);
      locked.makeCurrent(ONE, Optional.empty());
      assertEquals(Optional.empty(), locked.history().told());
      locked.remember(locked.history().telling("1"));
      assertEquals("strata-history 2\nwas 1\ntold 1\nend\n", Files.readString(file));
      Files.writeString(file, "strata-history 1\nwas 0\nwas 1\nend\n");
      assertEquals(
          new History(List.of("0", "1"), Optional.empty(), Optional.of("1")), locked.history());
    }
  }

  @Test
  @DisplayName("writes and reads nothing through links that somebody else laid in it")
  void plantedLinks() throws Exception {
    Path victim = Files.writeString(directory.resolve("victim"), "precious");
    Path own = Files.createDirectories(store.directory().resolve(".strata"));
    Files.createSymbolicLink(own.resolve("guru.lock"), victim);
    assertThrows(StoreException.class, () -> store.lock("guru"));
    Files.delete(own.resolve("guru.lock"));
    try (LockedRepository locked = store.lock("guru")) {
      Files.createSymbolicLink(locked.temporary("state"), victim);
      locked.remember(RepositoryState.EMPTY);
      assertEquals("precious", Files.readString(victim));
      assertEquals(RepositoryState.EMPTY, locked.state());
      Files.delete(own.resolve("guru.state"));
      Files.createSymbolicLink(own.resolve("guru.state"), victim);
      assertThrows(StoreException.class, locked::state);
    }
  }

  @Test
  @DisplayName("refuses a state of other bytes than text, or of any length, and says the way out")
  void noState() throws Exception {
    Path own = Files.createDirectories(store.directory().resolve(".strata"));
    Path file = Files.write(own.resolve("guru.state"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
    StoreException e = assertThrows(StoreException.class, () -> store.state("guru"));
    assertTrue(e.toString().contains("it is no text; remove it"), e.toString());
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), 1 << 26);
    }
    e = assertThrows(StoreException.class, () -> store.state("guru"));
    assertTrue(e.toString().contains("too large"), e.toString());
  }

  @Test
  @DisplayName("says where everybody may write to it")
  void writers() throws Exception {
    Files.createDirectories(store.directory());
    assertEquals(Optional.empty(), store.writers());
    Files.setPosixFilePermissions(store.directory(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertTrue(store.writers().orElseThrow().contains("chmod o-w"));
  }

  @Test
  @DisplayName("refuses a history that is not as it was written")
  void damagedHistory() throws Exception {
    try (LockedRepository locked = store.lock("guru")) {
      put(locked, ONE);
      locked.makeCurrent(ONE, Optional.of("2 b"));
    }
    Path file = store.directory().resolve(".strata/guru.history");
    assertEquals("strata-history 2\nwas 1\nheld 2 b\nend\n", Files.readString(file));
    for (String damaged :
        List.of(
            "",
            "strata-history 1\nwas 1\n",
            "strata-history 1\nwas a/b\nend\n",
            "strata-history 2\ntold 1\ntold 1\nend\n",
            "strata-history 3\nend\n")) {
      Files.writeString(file, damaged);
      StoreException e = assertThrows(StoreException.class, () -> store.history("guru"));
      assertTrue(e.toString().contains("remove it"), e.toString());
    }
  }

  @Test
  @DisplayName("never collects the image of a repository whose name begins with this one's")
  void others() throws Exception {
    Snapshot overlay = new Snapshot("guru-overlay", "1");
    try (LockedRepository other = store.lock("guru-overlay")) {
      put(other, overlay);
      Files.createFile(other.temporary("image"));
    }
    try (LockedRepository locked = store.lock("guru")) {
      put(locked, ONE);
      locked.makeCurrent(ONE, Optional.empty());
      Files.createFile(store.directory().resolve("guru-by-hand.sqfs"));
      assertEquals(List.of(), locked.collect(1));
      assertEquals(List.of(), locked.removeLeftovers());
    }
    assertTrue(Files.exists(store.image(overlay)));
    assertTrue(Files.exists(store.directory().resolve("guru-by-hand.sqfs")));
  }

  @Test
  @DisplayName("lets one at a time change a repository, and others change others meanwhile")
  void exclusion() throws Exception {
    try (LockedRepository locked = store.lock("guru")) {
      assertEquals(Optional.empty(), store.tryLock("guru"));
      try (LockedRepository other = store.tryLock("gentoo").orElseThrow()) {
        assertEquals(RepositoryState.EMPTY, other.state());
      }
      assertEquals(RepositoryState.EMPTY, locked.state());
    }
    try (LockedRepository again = store.tryLock("guru").orElseThrow()) {
      assertEquals(RepositoryState.EMPTY, again.state());
    }
  }

  @Test
  @DisplayName("clears what a killed process left in the making")
  void leftoversGo() throws Exception {
    try (LockedRepository locked = store.lock("guru")) {
      Files.writeString(locked.temporary("image"), "half");
      Files.createSymbolicLink(locked.temporary("current"), Path.of("gone"));
      Files.writeString(store.directory().resolve("..guru:image.part.0123abcd.part"), "half");
      Files.writeString(store.directory().resolve(".guru-other:image.part"), "not ours");
      assertEquals(3, locked.removeLeftovers().size());
      Files.delete(store.directory().resolve(".guru-other:image.part"));
    }
    assertEquals(List.of(), leftovers());
  }

  @Test
  @DisplayName("tells a link that dangles, leads elsewhere or is none")
  void brokenLinks() throws Exception {
    Files.createDirectories(store.directory());
    Path link = store.link("guru");
    Files.createSymbolicLink(link, Path.of("guru-9.sqfs"));
    assertInstanceOf(Current.Broken.class, store.current("guru"));
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("/etc/passwd"));
    assertInstanceOf(Current.Broken.class, store.current("guru"));
    assertThrows(StoreException.class, () -> store.leaseCurrent("guru"));
    Files.delete(link);
    Files.createFile(link);
    assertThrows(StoreException.class, () -> store.current("guru"));
  }

  @Test
  @DisplayName("knows by size, time and inode that an image was not touched since")
  void stamp() throws Exception {
    try (LockedRepository locked = store.lock("guru")) {
      put(locked, ONE);
      ImageRecord record = locked.state().images().get("1");
      assertEquals(new ImageRecord("1", DIGEST, FileStamp.of(store.image(ONE))), record);
    }
  }

  private static void put(LockedRepository locked, Snapshot snapshot) throws Exception {
    Path part = locked.temporary("image");
    Files.writeString(part, snapshot.toString());
    locked.install(part, snapshot, DIGEST);
  }

  private List<Path> leftovers() throws IOException {
    try (var files = Files.list(store.directory())) {
      return files.filter(f -> f.toString().endsWith(".part")).toList();
    }
  }

  private static Process sharedLock(Path file) throws Exception {
    Process holder =
        new ProcessBuilder(
                "flock",
                "--shared",
                "--no-fork",
                file.toString(),
                "sh",
                "-c",
                "echo held; exec cat")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals("held", holder.inputReader().readLine());
    assertFalse(holder.waitFor(1, TimeUnit.MILLISECONDS));
    return holder;
  }
}
