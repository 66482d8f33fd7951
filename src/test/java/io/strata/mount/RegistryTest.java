package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The registry")
class RegistryTest {
  private static final long GONE = 1L << 30; // beyond the largest pid of Linux, 2^22
  private static final MountTable EMPTY = MountTable.parse("");

  @TempDir Path root;
  private Registry registry;

  @BeforeEach
  void open() {
    registry = new Registry(root.resolve("run").resolve("strata"), Processes.system());
  }

  private RegistryEntry entry(long pid, String mountPoint) throws MountException {
    long start = Processes.system().startTime(pid).orElse(1L);
    MountPlan plan =
        new MountPlan(
            Path.of(mountPoint),
            "guru",
            Optional.of("guru"),
            Optional.of("2026 06\n30"),
            Path.of("/cache/guru-1.sqfs"),
            List.of(
                new LowerSource(Path.of("/lower/a"), OptionalLong.empty()),
                new LowerSource(Path.of("/lower/b 2"), OptionalLong.of(4096))),
            Optional.of(Path.of("/upper")),
            Optional.empty(),
            MountWords.parse(List.of("allow_other")),
            TransportKind.KERNEL,
            3,
            Path.of("/log"));
    Instant since = Instant.parse("2026-07-01T10:00:00.5Z");
    return new RegistryEntry(pid, start, since, registry.socketOf(pid), plan);
  }

  private static long self() {
    return ProcessHandle.current().pid();
  }

  @Test
  @DisplayName("gives back what was put in, every field")
  void roundTrip() throws Exception {
    RegistryEntry entry = entry(self(), "/mnt/with space");
    registry.put(entry);
    assertEquals(List.of(entry), registry.entries());
  }

  @Test
  @DisplayName("is open to its user alone: directory 0700, files 0600")
  void permissions() throws Exception {
    registry.put(entry(self(), "/mnt/a"));
    assertEquals("rwx------", mode(registry.directory()));
    assertEquals("rw-------", mode(registry.fileOf(self())));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  @DisplayName("does not exist yet: there are no entries")
  void empty() throws Exception {
    assertEquals(List.of(), registry.entries());
  }

  @Test
  @DisplayName("passes over what is no whole entry")
  void damaged() throws Exception {
    registry.put(entry(self(), "/mnt/a"));
    String whole = Files.readString(registry.fileOf(self()));
    Files.writeString(registry.directory().resolve("77.mount"), whole.substring(0, 60));
    Files.writeString(registry.directory().resolve("78.mount"), "");
    assertEquals(1, registry.entries().size());
  }

  @Test
  @DisplayName("knows a living server by pid and start time together")
  void alive() throws Exception {
    RegistryEntry entry = entry(self(), "/mnt/a");
    assertTrue(registry.alive(entry));
    RegistryEntry reused =
        new RegistryEntry(
            self(), entry.startTime() + 1, entry.since(), entry.socket(), entry.plan());
    assertFalse(registry.alive(reused));
  }

  @Test
  @DisplayName("sweeps out an entry whose process and mount are gone, and keeps a dead mount's")
  void sweep() throws Exception {
    registry.put(entry(GONE, "/mnt/gone"));
    registry.put(entry(GONE + 1, "/mnt/dead"));
    registry.put(entry(self(), "/mnt/detached"));
    MountTable table = MountTable.parse("2 1 0:5 / /mnt/dead rw - fuse.strata guru rw\n");
    assertEquals(
        List.of("/mnt/dead", "/mnt/detached"),
        registry.sweep(table).stream().map(e -> e.plan().mountPoint().toString()).toList());
    assertFalse(Files.exists(registry.fileOf(GONE)));
    assertEquals(1, registry.sweep(EMPTY).size());
  }

  @Test
  @DisplayName("is not swept while a server is being started, which may get a dead one's number")
  void locked() throws Exception {
    registry.put(entry(GONE, "/mnt/gone"));
    try (RegistryLock _ = RegistryLock.take(Posix.system(), registry)) {
      assertEquals(List.of(), registry.sweep(EMPTY));
      assertTrue(Files.exists(registry.fileOf(GONE)));
    }
    registry.sweep(EMPTY);
    assertFalse(Files.exists(registry.fileOf(GONE)));
  }

  @Test
  @DisplayName("sweeps out a dead entry where a living server has mounted since")
  void superseded() throws Exception {
    registry.put(entry(GONE, "/mnt/a"));
    registry.put(entry(self(), "/mnt/a"));
    MountTable table = MountTable.parse("2 1 0:5 / /mnt/a rw - fuse.strata guru rw\n");
    List<RegistryEntry> left = registry.sweep(table);
    assertEquals(List.of(self()), left.stream().map(RegistryEntry::pid).toList());
  }

  @Test
  @DisplayName("of an ordinary user lies in XDG_RUNTIME_DIR, else in /tmp, and root's in /run")
  void places() {
    Map<String, String> xdg = Map.of("XDG_RUNTIME_DIR", root.toString());
    assertEquals(root.resolve("strata"), new Directories(1234567, xdg, "/x").registry());
    assertEquals(
        Path.of("/tmp/strata-1234567"), new Directories(1234567, Map.of(), "/x").registry());
    assertEquals(Path.of("/run/strata"), new Directories(0, xdg, "/x").registry());
  }

  @Test
  @DisplayName("is the effective user's, not the real one's")
  void effectiveUser() {
    String status = "Name:\tx\nUid:\t1000\t0\t5\t6\nGid:\t7\t7\t7\t7\n";
    assertEquals(0, Directories.effectiveUser(status));
  }

  @Test
  @DisplayName("is not taken from another user, nor through a symbolic link")
  void foreign() throws Exception {
    Path link = Files.createSymbolicLink(root.resolve("link"), root);
    assertThrows(MountException.class, () -> Directories.makePrivate(link));
  }

  @Test
  @DisplayName("names the logs of different mount points differently")
  void logNames() {
    assertEquals("mnt-guru", Directories.nameOf(Path.of("/mnt/guru")));
    assertFalse(
        Directories.nameOf(Path.of("/mnt-guru")).equals(Directories.nameOf(Path.of("/mnt/guru"))));
    assertTrue(Directories.nameOf(Path.of("/" + "x".repeat(255) + "/y")).length() < 240);
  }
}
