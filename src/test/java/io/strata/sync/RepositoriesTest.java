package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.trust.Verification;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("repos.conf")
class RepositoriesTest {
  @TempDir Path directory;

  @Test
  @DisplayName("gives every key of a squashdelta section, comments and continuations apart")
  void whole() throws Exception {
    RepositoryConfig guru =
        read("""
                # a comment
                [DEFAULT]
                main-repo = gentoo
                [guru]
                location = /var/db/repos/guru          # where it is mounted
                Sync-Type: squashdelta
                sync-uri = https://mirror.example/snapshots/
                  http://two.example:8080/a%20b   ; several: tried in order

                  file:///srv/mirror
                auto-sync = no
                openpgp-verify = required
                sync-openpgp-key-path = %(eprefix)s/usr/share/openpgp-keys/guru.asc
                sync-squashdelta-cache = %(location)s/../cache
                sync-squashdelta-upper = /var/lib/strata/upper/guru
                """)
            .get("guru");
    assertEquals(
        new RepositoryConfig(
            "guru",
            Optional.of(Path.of("/var/db/repos/guru")),
            List.of(
                URI.create("https://mirror.example/snapshots/"),
                URI.create("http://two.example:8080/a%20b/"),
                URI.create("file:///srv/mirror/")),
            false,
            Verification.REQUIRED,
            Optional.of(Path.of("/usr/share/openpgp-keys/guru.asc")),
            Path.of("/var/db/repos/cache"),
            Optional.of(Path.of("/var/lib/strata/upper/guru"))),
        guru);
  }

  @Test
  @DisplayName("has defaults: auto-sync, verify if signed, Portage's cache")
  void defaults() throws Exception {
    RepositoryConfig a = read("[a]\nsync-type=squashdelta\nsync-uri=http://m/\n").get("a");
    assertEquals(
        new RepositoryConfig(
            "a",
            Optional.empty(),
            List.of(URI.create("http://m/")),
            true,
            Verification.YES,
            Optional.empty(),
            Path.of("/var/cache/portage/squashfs"),
            Optional.empty()),
        a);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @DisplayName("says in days, or hours, how old an index may be; 0 is any age")
  @CsvSource({"14, P14D", "1 day, P1D", "100 Days, P100D", "36h, PT36H", "2 hours, PT2H", "0,"})
  void maxAge(String text, @Nullable Duration expected) throws Exception {
    String section = "[a]\nsync-type=squashdelta\nsync-uri=http://m/\nsync-squashdelta-max-age=";
    assertEquals(Optional.ofNullable(expected), read(section + text + "\n").get("a").maxAge());
  }

  @Test
  @DisplayName("says how many snapshots stay, and how large an image may be")
  void keepAndSize() throws Exception {
    String section = "[a]\nsync-type=squashdelta\nsync-uri=http://m/\n";
    assertEquals(2, read(section).get("a").keep());
    assertEquals(OptionalLong.empty(), read(section).get("a").maxSize());
    String more = "sync-squashdelta-keep = 5\nsync-squashdelta-max-size = ";
    assertEquals(5, read(section + more + "7\n").get("a").keep());
    assertEquals(OptionalLong.of(7), read(section + more + "7\n").get("a").maxSize());
    assertEquals(OptionalLong.of(3L << 30), read(section + more + "3G\n").get("a").maxSize());
    assertEquals(OptionalLong.of(5L << 20), read(section + more + "5MiB\n").get("a").maxSize());
    for (String wrong : List.of("keep = 0", "keep = all", "max-size = -1", "max-size = 5 m")) {
      ConfigException e =
          assertThrows(
              ConfigException.class, () -> read(section + "sync-squashdelta-" + wrong + "\n"));
      assertTrue(e.toString().contains(":4: sync-squashdelta-"), e.toString());
    }
  }

  @Test
  @DisplayName("has file: addresses of this machine only")
  void files() throws Exception {
    String section = "[a]\nsync-type=squashdelta\nsync-uri=file://";
    assertEquals(
        URI.create("file://localhost/srv/"),
        read(section + "localhost/srv\n").get("a").syncUris().getFirst());
    assertThrows(ConfigException.class, () -> read(section + "server/srv\n"));
  }

  @Test
  @DisplayName("takes what a section lacks from DEFAULT, and leaves other sync-types alone")
  void inherited() throws Exception {
    Repositories all =
        read(
            """
            [DEFAULT]
            sync-type = squashdelta
            sync-uri = http://m/
            [a]
            [b]
            auto-sync = false
            [gentoo]
            sync-type = rsync
            sync-squashdelta-nonsense = 1
            sync-uri = rsync://rsync.gentoo.org/gentoo-portage
            """);
    assertEquals(List.of("a", "b"), all.all().stream().map(RepositoryConfig::name).toList());
    assertEquals(List.of("a"), all.autoSynced().stream().map(RepositoryConfig::name).toList());
    ConfigException e = assertThrows(ConfigException.class, () -> all.get("gentoo"));
    assertTrue(e.toString().contains("gentoo"), e.toString());
  }

  @Test
  @DisplayName("may be a directory, whose *.conf files override each other in order")
  void manyFiles() throws Exception {
    Files.writeString(
        directory.resolve("10.conf"), "[a]\nsync-type=squashdelta\nsync-uri=http://one/\n");
    Files.writeString(directory.resolve("20.conf"), "[a]\nsync-uri=http://two/\n");
    Files.writeString(directory.resolve("30.conf~"), "nonsense");
    Files.writeString(directory.resolve(".40.conf"), "nonsense");
    Repositories all = Repositories.read(directory);
    assertEquals(List.of(URI.create("http://two/")), all.get("a").syncUris());
  }

  @Test
  @DisplayName("is looked for where the option, then the environment says")
  void places() throws Exception {
    Path one = write("[a]\nsync-type=squashdelta\nsync-uri=http://one/\n");
    Path other = directory.resolve("none.conf");
    assertEquals(
        one, Repositories.find(Optional.of(one), Map.of("STRATA_CONFIG", "/none")).source());
    assertEquals(
        one, Repositories.find(Optional.empty(), Map.of("STRATA_CONFIG", "" + one)).source());
    assertThrows(ConfigException.class, () -> Repositories.find(Optional.of(other), Map.of()));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("is refused with file and line where it is wrong")
  @CsvSource({
    "unknown key, sync-squashdelta-chache = /x, :4:",
    "not an age, sync-squashdelta-max-age = soon, :4:",
    "negative age, sync-squashdelta-max-age = -1, :4:",
    "relative path, location = here, :4:",
    "not a yes, auto-sync = maybe, :4:",
    "not a mode, openpgp-verify = perhaps, :4:",
    "not an address, sync-uri = rsync://m/, :3:",
    "no value, nonsense, :4:",
    "given twice, sync-type = squashdelta, :4:",
    "reference to nothing, location = %(nothing)s/x, :4:",
    "reference to itself, location = %(location)s/x, :4:",
    "section twice, [a], :4:",
  })
  void wrong(String what, String line, String place) throws Exception {
    String uri = line.startsWith("sync-uri") ? line + "\n" : "sync-uri = http://m/\n" + line + "\n";
    Path file = write("[a]\nsync-type = squashdelta\n" + uri);
    ConfigException e = assertThrows(ConfigException.class, () -> Repositories.read(file));
    assertTrue(e.toString().contains(file + place), what + ": " + e);
  }

  private Repositories read(String text) throws Exception {
    return Repositories.read(write(text));
  }

  private Path write(String text) throws Exception {
    return Files.writeString(directory.resolve("repos.conf"), text);
  }
}
