package io.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
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
        text(out).matches("guru: nothing -> 1: full image, 9 bytes, [0-9.]+ s\n"), text(out));
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

  private int sync(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "sync";
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
