package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Posix;
import io.strata.store.ImageStore;
import io.strata.store.Lease;
import io.strata.store.LockedRepository;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@DisplayName("strata sync")
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class SyncCommandTest {
  @TempDir Path directory;
  private Path mirror;
  private Path config;
  private final PrintStream standardOut = System.out;
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void capture() throws Exception {
    mirror = Files.createDirectory(directory.resolve("mirror"));
    publish("guru", "1");
    config = configure("openpgp-verify = no");
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void release() {
    System.setOut(standardOut);
    System.setErr(standardError);
  }

  @Test
  @DisplayName("prints the plan under --dry-run, one line of result otherwise; errors on stderr")
  void prints() {
    assertEquals(0, sync("--dry-run", "guru"));
    assertEquals(
        "guru: nothing -> 1 from " + mirror.toUri() + "\n  * full image guru-1.sqfs: 9 bytes\n",
        text(out));
    assertFalse(Files.exists(directory.resolve("cache")));
    out.reset();
    assertEquals(0, sync("--no-switch"));
    assertTrue(
        text(out).matches("guru: nothing -> 1: full image, 9 bytes, 0 saved, [0-9.]+ s\n"),
        text(out));
    out.reset();
    assertEquals(0, sync("--no-switch", "--dry-run"));
    assertEquals("guru: 1 from " + mirror.toUri() + "\n  * up to date: 0 bytes\n", text(out));
    assertEquals("", text(err));
  }

  @Test
  @DisplayName("ends with the code of the class of failure, and one line that says what to do")
  void codes() throws Exception {
    assertEquals(ExitCode.USAGE.code(), sync("gentoo"));
    assertLine("strata: gentoo: no such repository");
    config = configure("openpgp-verify = required");
    assertEquals(ExitCode.SIGNATURE.code(), sync("guru"));
    assertLine("strata: guru: openpgp-verify = required, but sync-openpgp-key-path");
    config = configure("sync-squashdelta-cash = /x");
    assertEquals(ExitCode.USAGE.code(), sync("guru"));
    assertLine("strata: " + config + ":5: unknown key sync-squashdelta-cash");
    config = configure("openpgp-verify = no");
    Files.writeString(mirror.resolve("guru-1.sqfs"), "another!!");
    assertEquals(ExitCode.DOWNLOAD.code(), sync("guru"));
    assertLine("strata: " + mirror.toUri() + "guru-1.sqfs: its SHA-512 is not that of the index");
    Files.writeString(mirror.resolve("sha512sum.txt"), "Current: guru-1\n");
    assertEquals(ExitCode.INDEX.code(), sync("guru"));
    assertLine("strata: " + mirror.toUri() + "sha512sum.txt: it names guru-1 as current");
    Files.delete(mirror.resolve("sha512sum.txt"));
    assertEquals(ExitCode.DOWNLOAD.code(), sync("guru"));
    assertLine("strata: " + mirror.resolve("sha512sum.txt") + ": there is no such file");
    Files.createDirectories(directory.resolve("cache"));
    Files.writeString(directory.resolve("cache/guru-current.sqfs"), "no link");
    publish("guru", "1");
    assertEquals(ExitCode.FILE.code(), sync("guru"));
    assertLine("strata: " + directory.resolve("cache/guru-current.sqfs") + ": it is not a symbol");
  }

  @Test
  @DisplayName("goes on with the other repositories where one fails")
  void others() throws Exception {
    Files.writeString(
        config, Files.readString(config).replace("[guru]", "[gentoo]") + Files.readString(config));
    assertEquals(ExitCode.INDEX.code(), sync("--no-switch"));
    assertTrue(text(out).startsWith("guru: nothing -> 1: full image"), text(out));
    assertLine(
        "strata: " + mirror.toUri() + "sha512sum.txt: it names no current snapshot of gentoo");
  }

  @Test
  @DisplayName("prints JSON for scripts, and nothing under --quiet unless something went wrong")
  void scripts() throws Exception {
    assertEquals(0, sync("--no-switch", "--dry-run", "--json"));
    assertJson("'repository': 'guru', 'to': '1'", "'way': 'full'", "'bytes': 9, 'chosen': true");
    assertEquals(0, sync("--no-switch", "--json"));
    assertJson(
        "'repository': 'guru', 'to': '1', 'way': 'full', 'bytes': 9, 'image-bytes': 9",
        "'saved-bytes': 0",
        "'exit-code': 0, 'errors': []");
    publish("guru", "2");
    assertEquals(0, sync("--no-switch", "--quiet"));
    assertEquals("", text(out));
    assertEquals("", text(err));
    Files.delete(mirror.resolve("sha512sum.txt"));
    assertEquals(ExitCode.DOWNLOAD.code(), sync("--quiet", "--json"));
    assertJson("'repository': 'guru', 'exit-code': 4, 'errors': [ '", "'exit-code': 4 }");
    assertLine("strata: " + mirror.resolve("sha512sum.txt"));
  }

  @Test
  @DisplayName("runs the hooks once for each switch; one that fails has a code of its own")
  void hooks() throws Exception {
    Path hooks = Files.createDirectory(directory.resolve("hooks"));
    Files.setPosixFilePermissions(hooks, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path told = directory.resolve("told");
    Path hook =
        Files.writeString(
            hooks.resolve("tell"),
            "#!/bin/sh\necho $STRATA_CAUSE $STRATA_OLD_SNAPSHOT $STRATA_NEW_SNAPSHOT >> " + told);
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertEquals(0, sync("--hooks", "" + hooks));
    assertEquals(0, sync("--hooks", "" + hooks));
    publish("guru", "2");
    Files.writeString(hook, Files.readString(hook) + "\nexit 1\n");
    assertEquals(ExitCode.HOOK.code(), sync("--hooks", "" + hooks));
    assertLine("strata: " + hook + ": it ended with exit code 1");
    assertEquals(ExitCode.HOOK.code(), verb("rollback", "guru", "--hooks", "" + hooks));
    assertEquals("sync 1\nsync 1 2\nrollback 2 1\n", Files.readString(told));
    publish("guru", "3");
    assertEquals(0, sync("--no-switch", "--hooks", "" + hooks));
    assertEquals("sync 1\nsync 1 2\nrollback 2 1\n", Files.readString(told));
    assertEquals(ExitCode.HOOK.code(), sync("--hooks", "" + hooks), "what was left out is made up");
    assertEquals(0, sync("--hooks", "" + hooks));
    assertEquals("sync 1\nsync 1 2\nrollback 2 1\nsync 1 3\n", Files.readString(told));
    assertEquals(
        Path.of("guru-3.sqfs"),
        Files.readSymbolicLink(directory.resolve("cache/guru-current.sqfs")));
  }

  @Test
  @DisplayName("is undone by rollback until there is something newer; gc removes the rest")
  void rollback() throws Exception {
    Path cache = directory.resolve("cache");
    assertEquals(ExitCode.IMAGE.code(), verb("rollback", "guru"));
    assertLine("strata: guru: no earlier snapshot of it is in " + cache);
    sync("--no-switch");
    publish("guru", "2");
    sync("--no-switch");
    out.reset();
    assertEquals(0, verb("rollback", "guru", "--no-switch"));
    assertEquals("guru: 2 -> 1: rolled back\n", text(out));
    out.reset();
    assertEquals(0, sync("--no-switch"));
    assertTrue(text(out).startsWith("guru: 1: held back by a rollback, 0 bytes"), text(out));
    assertLine("strata: guru: stays at 1 since the rollback from 2");
    out.reset();
    assertEquals(0, verb("rollback", "--undo", "guru", "--json"));
    assertJson("'repository': 'guru', 'from': '1', 'to': '2', 'switched': []");
    assertEquals(0, verb("gc", "--keep", "1", "--dry-run"));
    assertEquals("guru: would remove guru-1.sqfs, 9 bytes\n", text(out));
    out.reset();
    Files.writeString(cache.resolve(".guru:image.part"), "half");
    Files.writeString(cache.resolve(".guru:x.partial"), "half");
    try (Lease _ = Lease.of(Posix.system(), cache.resolve("guru-1.sqfs"))) {
      assertEquals(0, verb("gc", "--keep", "1", "--json"));
      assertJson(
          "'removed': [], 'in-use': [ '1' ], 'bytes': 0, 'leftovers': [ '.guru:image.part', '.guru:x.partial' ]");
    }
    assertEquals(0, verb("gc", "--keep", "1"));
    assertEquals("guru: removed guru-1.sqfs, 9 bytes\n", text(out));
    out.reset();
    assertEquals(0, verb("gc"));
    assertEquals("guru: nothing to remove\n", text(out));
    assertEquals(ExitCode.USAGE.code(), verb("gc", "--keep", "0"));
    assertLine("strata: --keep 0: ");
    try (LockedRepository _ = new ImageStore(cache, Posix.system()).lock("guru")) {
      for (String verb : List.of("sync", "rollback", "gc")) {
        assertEquals(ExitCode.BUSY.code(), verb(verb, "guru", "--no-wait"));
        assertLine("strata: guru: another sync, rollback or gc of it is running");
      }
    }
  }

  /** Asserts that JSON on stdout, on one line and with other quotes, holds these, and clears it. */
  private void assertJson(String... parts) {
    String text = text(out).replaceAll("\\s+", " ").replace('"', '\'');
    out.reset();
    for (String part : parts) {
      assertTrue(text.replace("{ ", "{").contains(part), text);
    }
  }

  private int sync(String... arguments) {
    return verb("sync", arguments);
  }

  private int verb(String verb, String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = verb;
    all[1] = "--config";
    all[2] = config.toString();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Main.execute(all);
  }

  private Path configure(String line) throws Exception {
    return Files.writeString(
        directory.resolve("repos.conf"),
        """
        [guru]
        sync-type = squashdelta
        sync-uri = %s
        sync-squashdelta-cache = %s/cache
        %s
        """
            .formatted(mirror.toUri(), directory, line));
  }

  private void publish(String repository, String version) throws Exception {
    byte[] image = ("content " + version).getBytes(StandardCharsets.UTF_8);
    String name = repository + "-" + version;
    Files.write(mirror.resolve(name + ".sqfs"), image);
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(image));
    Files.writeString(
        mirror.resolve("sha512sum.txt"), digest + "  " + name + ".sqfs\nCurrent: " + name + "\n");
  }

  /** Asserts that the only line on stderr begins so, and clears it. */
  private void assertLine(String start) {
    String text = text(err);
    assertTrue(text.startsWith(start), text);
    assertEquals(1, text.lines().count(), text);
    err.reset();
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
