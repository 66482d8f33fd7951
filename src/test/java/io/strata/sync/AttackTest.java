package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Posix;
import io.strata.store.ImageStore;
import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import io.strata.sync.TestMirror.Fault;
import io.strata.trust.ClearSigner;
import io.strata.trust.Gpg;
import io.strata.trust.Verification;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The attacks of the TUF specification, section 1.5.2, each made by a web server. The machine has
 * synced snapshot 1 from an honest mirror, which has come to 2 since; after each attack it must
 * still have 1, and come to 2 from the honest mirror.
 */
@DisplayName("An attack")
class AttackTest {
  private static final Timeouts SHORT =
      new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(300));
  private static final String INDEX = "sha512sum.txt";

  @TempDir static Path keys;
  private static Gpg gpg;
  private static ClearSigner publisher;
  private static ClearSigner stranger;
  private static Path publicKey;

  @TempDir Path directory;
  private SmallMirror honest;
  private ImageStore store;
  private Path firstIndex;
  private final Instant start = Instant.now().minusSeconds(3600);
  private final Heard heard = new Heard();

  @BeforeAll
  static void makeKeys() throws Exception {
    gpg = new Gpg(keys.resolve("gnupg"));
    gpg.oldKey("publisher", "ed25519");
    gpg.oldKey("stranger", "ed25519");
    publisher = ClearSigner.withKey(gpg.export("publisher", true, true));
    stranger = ClearSigner.withKey(gpg.export("stranger", true, true));
    publicKey = gpg.export("publisher", true, false);
  }

  @AfterAll
  static void end() throws Exception {
    gpg.close();
  }

  @BeforeEach
  void syncOnce() throws Exception {
    honest = new SmallMirror(directory.resolve("mirror"));
    honest.image("guru", "0").image("guru", "1").index("guru-1");
    store = new ImageStore(directory.resolve("cache"), Posix.system());
    sign(honest, publisher, start);
    sync(honest.directory.toUri());
    firstIndex = Files.copy(honest.directory.resolve(INDEX), directory.resolve("first-" + INDEX));
    honest.image("guru", "2").delta("guru", "1", "2").index("guru-2");
    sign(honest, publisher, start.plusSeconds(60));
  }

  @Test
  @DisplayName("with software of its own fails: by signature, or by digest")
  void arbitrarySoftware() throws Exception {
    SmallMirror evil = new SmallMirror(directory.resolve("evil"));
    evil.file("guru-3.sqfs", new byte[1000]).index("guru-3");
    refused(evil.directory.toUri(), Failure.SIGNATURE, "not signed");
    sign(evil, stranger, start.plusSeconds(90));
    refused(evil.directory.toUri(), Failure.SIGNATURE, "not among those");
    Path image = Files.write(directory.resolve("evil.sqfs"), new byte[SmallMirror.SIZE]);
    try (TestMirror mirror =
        new TestMirror(honest.directory)
            .with("guru-2.sqfs", image)
            .with("guru-1-2.sqdelta", image)) {
      refused(mirror.uri(), Failure.DOWNLOAD, "SHA-512");
    }
    harmless();
  }

  @Test
  @DisplayName("with an index that was good once fails, also where only a comment goes back")
  void rollback() throws Exception {
    sync(honest.directory.toUri());
    try (TestMirror mirror = new TestMirror(honest.directory).with(INDEX, firstIndex)) {
      refused(mirror.uri(), Failure.SIGNATURE, "(rollback)");
    }
    try (TestMirror mirror = new TestMirror(honest.directory).with(INDEX, commented("guru-1"))) {
      refused(mirror.uri(), Failure.SIGNATURE, "goes back to guru-1");
    }
    assertEquals(new Snapshot("guru", "2"), current());
  }

  @ParameterizedTest(name = "for {0} hours, {1} allowed: {2}")
  @DisplayName("that holds back the news is noticed by the age of the index")
  @CsvSource({
    "335, default, nothing",
    "337, default, warning",
    "671, default, warning",
    "673, default, refused",
    "673, any, nothing",
  })
  void freeze(int hours, String allowed, String outcome) throws Exception {
    store = new ImageStore(directory.resolve("frozen"), Posix.system());
    sign(honest, publisher, Instant.now().minus(Duration.ofHours(hours)));
    RepositoryConfig config = config(honest.directory.toUri());
    config = allowed.equals("any") ? config.withMaxAge(Optional.empty()) : config;
    try (SyncEngine engine = new SyncEngine(Posix.system(), SHORT)) {
      if (outcome.equals("refused")) {
        RepositoryConfig frozen = config;
        SyncException e = assertThrows(SyncException.class, () -> engine.sync(frozen, heard));
        assertEquals(Failure.SIGNATURE, e.failure());
        assertTrue(e.toString().contains("(freeze)"), e.toString());
        assertTrue(e.toString().contains("28 days"), e.toString());
      } else {
        engine.sync(config, heard);
      }
    }
    assertEquals(outcome.equals("warning"), !heard.warnings.isEmpty(), "" + heard.warnings);
  }

  @Test
  @DisplayName("that holds back the news by a comment, which nobody signed, is noticed")
  void freezeByComment() throws Exception {
    try (TestMirror mirror = new TestMirror(honest.directory).with(INDEX, commented("guru-1"))) {
      sync(mirror.uri());
      assertEquals(1, heard.warnings.size(), "" + heard.warnings);
      assertTrue(
          heard.warnings.getFirst().contains("guru-1 is current, and 2"), "" + heard.warnings);
    }
    try (TestMirror mirror = new TestMirror(honest.directory).with(INDEX, commented("guru-2"))) {
      sync(mirror.uri());
    }
    assertEquals(1, heard.warnings.size(), "" + heard.warnings);
    assertEquals(new Snapshot("guru", "2"), current());
  }

  @Test
  @DisplayName("with an index that never ends stops at 16 MiB")
  void endlessIndex() throws Exception {
    try (TestMirror mirror = new TestMirror(honest.directory).with(INDEX, Fault.ENDLESS)) {
      refused(mirror.uri(), Failure.DOWNLOAD, "larger than 16777216 bytes");
    }
    harmless();
  }

  @Test
  @DisplayName("with files that never end stops at the length that was said")
  void endlessFiles() throws Exception {
    try (TestMirror mirror =
        new TestMirror(honest.directory)
            .with("guru-1-2.sqdelta", Fault.ENDLESS)
            .with("guru-2.sqfs", Fault.ENDLESS)) {
      refused(mirror.uri(), Failure.DOWNLOAD, "guru-2.sqfs");
    }
    harmless();
  }

  @Test
  @DisplayName("with more signatures than anybody needs fails before they are computed")
  void endlessSignatures() throws Exception {
    String message = Files.readString(honest.directory.resolve(INDEX));
    String begin = "-----BEGIN PGP SIGNATURE-----\n\n";
    int at = message.indexOf(begin) + begin.length();
    String armor = message.substring(at, message.indexOf("\n=", at)).replace("\n", "");
    byte[] one = java.util.Base64.getDecoder().decode(armor);
    java.io.ByteArrayOutputStream many = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < 17; i++) {
      many.writeBytes(one);
    }
    Path index =
        Files.writeString(
            directory.resolve("many.txt"),
            message.substring(0, at)
                + java.util.Base64.getMimeEncoder().encodeToString(many.toByteArray())
                + "\n-----END PGP SIGNATURE-----\n");
    try (TestMirror mirror = new TestMirror(honest.directory).with(INDEX, index)) {
      refused(mirror.uri(), Failure.SIGNATURE, "more than 16 signatures");
    }
    harmless();
  }

  @Test
  @DisplayName("that puts together what does not belong together fails")
  void mixAndMatch() throws Exception {
    String first = Files.readString(firstIndex);
    String second = Files.readString(honest.directory.resolve(INDEX));
    String begin = "-----BEGIN PGP SIGNATURE-----";
    Path mixed =
        Files.writeString(
            directory.resolve("mixed.txt"),
            second.substring(0, second.indexOf(begin)) + first.substring(first.indexOf(begin)));
    try (TestMirror mirror = new TestMirror(honest.directory).with(INDEX, mixed)) {
      refused(mirror.uri(), Failure.SIGNATURE, "not over this text");
    }
    // Another repository's index, by the same publisher.
    SmallMirror other = new SmallMirror(directory.resolve("other"));
    other.image("guru-test", "9").index("guru-test-9");
    sign(other, publisher, start.plusSeconds(120));
    refused(other.directory.toUri(), Failure.INDEX, "names no current snapshot of guru");
    harmless();
  }

  @Test
  @DisplayName("with a wrong file of the right name fails, though another name lists its digest")
  void wrongFile() throws Exception {
    Path first = honest.directory.resolve("guru-1.sqfs");
    Path delta = honest.directory.resolve("guru-1-2.sqdelta");
    try (TestMirror mirror =
        new TestMirror(honest.directory)
            .with("guru-2.sqfs", first)
            .with("guru-1-2.sqdelta", first)) {
      refused(mirror.uri(), Failure.DOWNLOAD, "guru-2.sqfs");
    }
    try (TestMirror mirror =
        new TestMirror(honest.directory)
            .with("guru-2.sqfs", delta)
            .with("guru-1-2.sqdelta", Fault.TRUNCATE)) {
      refused(mirror.uri(), Failure.DOWNLOAD, "guru-2.sqfs");
    }
    harmless();
  }

  @Test
  @DisplayName("that gives a version another digest fails, be it current or only listed")
  void versionTwice() throws Exception {
    SmallMirror again = new SmallMirror(directory.resolve("again"));
    again.file("guru-1.sqfs", SmallMirror.image("x")).index("guru-1");
    sign(again, publisher, start.plusSeconds(120));
    refused(again.directory.toUri(), Failure.SIGNATURE, "a version is unique");
    again.image("guru", "2").index("guru-2");
    sign(again, publisher, start.plusSeconds(180));
    refused(again.directory.toUri(), Failure.SIGNATURE, "guru-1.sqfs");
    assertThrows(
        SyncException.class, () -> syncAllowingRollback(again.directory.toUri()), "none may");
    // One that was never here, but that the first index listed.
    SmallMirror listed = new SmallMirror(directory.resolve("listed"));
    listed.file("guru-0.sqfs", SmallMirror.image("x")).image("guru", "2").index("guru-2");
    sign(listed, publisher, start.plusSeconds(240));
    refused(listed.directory.toUri(), Failure.SIGNATURE, "guru-0.sqfs");
    harmless();
  }

  @Test
  @DisplayName("from the future fails, and does not shut out what is signed in time")
  void fastForward() throws Exception {
    String now = Files.readString(honest.directory.resolve(INDEX));
    sign(honest, publisher, Instant.parse("2105-01-01T00:00:00Z"));
    refused(honest.directory.toUri(), Failure.SIGNATURE, "the clock");
    Files.writeString(honest.directory.resolve(INDEX), now);
    harmless();
  }

  @Test
  @DisplayName("by the first of several mirrors is named, and the next one asked")
  void nextMirror() throws Exception {
    Path image = Files.write(directory.resolve("evil.sqfs"), new byte[SmallMirror.SIZE]);
    try (TestMirror stale = new TestMirror(honest.directory).with(INDEX, Fault.CORRUPT);
        TestMirror evil =
            new TestMirror(honest.directory)
                .with("guru-2.sqfs", image)
                .with("guru-1-2.sqdelta", image)) {
      sync(stale.uri(), evil.uri(), honest.directory.toUri());
      assertTrue(heard.warnings.get(0).contains("" + stale.uri()), "" + heard.warnings);
      assertTrue(heard.warnings.get(1).contains("" + evil.uri()), "" + heard.warnings);
    }
    assertEquals(new Snapshot("guru", "2"), current());
  }

  @Test
  @DisplayName("that takes the signature away is refused, or told where signatures are optional")
  void strippedSignature() throws Exception {
    honest.index("guru-2");
    refused(honest.directory.toUri(), Failure.SIGNATURE, "not signed");
    try (SyncEngine engine = new SyncEngine(Posix.system(), SHORT)) {
      engine.sync(config(Verification.YES, honest.directory.toUri()), heard);
    }
    assertTrue(heard.warnings.getLast().contains("by publisher"), "" + heard.warnings);
  }

  @Test
  @DisplayName("is none where the user means to go back; that is known until something newer comes")
  void allowedRollback() throws Exception {
    sync(honest.directory.toUri());
    try (TestMirror old = new TestMirror(honest.directory).with(INDEX, firstIndex)) {
      syncAllowingRollback(old.uri());
      assertEquals(new Snapshot("guru", "1"), current());
      assertTrue(heard.warnings.getLast().contains("rollback"), "" + heard.warnings);
      assertEquals("2", state().rollback().orElseThrow().from().version());
      // The same again needs no leave, and is no good news.
      sync(old.uri());
      assertTrue(state().rollback().isPresent());
    }
    sync(honest.directory.toUri());
    assertEquals(new Snapshot("guru", "2"), current());
    assertEquals(Optional.empty(), state().rollback());
  }

  /** The newest index, but what chooses the snapshot is in a comment. */
  private Path commented(String name) throws Exception {
    String body = Files.readString(honest.directory.resolve(INDEX));
    body = body.lines().filter(line -> line.contains("  guru-")).collect(Collectors.joining("\n"));
    String message = text(publisher.sign(bytes(body), start.plusSeconds(120)));
    String begin = "-----BEGIN PGP SIGNATURE-----";
    String comment = begin + "\nComment: Current: " + name;
    return Files.writeString(directory.resolve(name + ".txt"), message.replace(begin, comment));
  }

  private void refused(URI mirror, Failure failure, String words) throws Exception {
    Snapshot before = current();
    RepositoryState state = state();
    SyncException e = assertThrows(SyncException.class, () -> sync(mirror));
    assertEquals(failure, e.failure(), e.toString());
    assertTrue(e.toString().contains(words), e.toString());
    assertEquals(before, current());
    assertEquals(state.accepted(), state().accepted());
  }

  /** Nothing is left of an attack that keeps the machine from going on. */
  private void harmless() throws Exception {
    assertEquals(new Snapshot("guru", "1"), current());
    try (var files = Files.list(store.directory())) {
      // What was downloaded in part may serve the next sync.
      List<String> names =
          files.map(f -> "" + f.getFileName()).filter(n -> !n.startsWith(".")).sorted().toList();
      assertEquals(List.of("guru-1.sqfs", "guru-current.sqfs"), names);
    }
    sync(honest.directory.toUri());
    assertEquals(new Snapshot("guru", "2"), current());
  }

  private Snapshot current() throws Exception {
    Path link = store.link("guru");
    String image = "" + Files.readSymbolicLink(link);
    Snapshot snapshot = Snapshot.ofImageName("guru", image).orElseThrow();
    assertArrayEquals(SmallMirror.image(snapshot.version()), Files.readAllBytes(link));
    return snapshot;
  }

  private RepositoryState state() throws Exception {
    return store.state("guru");
  }

  private static void sign(SmallMirror mirror, ClearSigner signer, Instant time) throws Exception {
    Path index = mirror.directory.resolve(INDEX);
    String text = Files.readString(index);
    String begin = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n";
    if (text.startsWith(begin)) {
      text = text.substring(begin.length(), text.indexOf("-----BEGIN PGP SIGNATURE-----"));
    }
    Files.write(index, signer.sign(bytes(text), time));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void sync(URI... mirrors) throws SyncException {
    try (SyncEngine engine = new SyncEngine(Posix.system(), SHORT)) {
      engine.sync(config(mirrors), heard);
    }
  }

  private void syncAllowingRollback(URI... mirrors) throws SyncException {
    SyncOptions allowed = SyncOptions.DEFAULT.withOlder(OlderIndex.ALLOWED);
    try (SyncEngine engine = new SyncEngine(Posix.system(), SHORT)) {
      engine.sync(config(mirrors), allowed, heard);
    }
  }

  private RepositoryConfig config(URI... mirrors) {
    return config(Verification.REQUIRED, mirrors);
  }

  private RepositoryConfig config(Verification verification, URI... mirrors) {
    return new RepositoryConfig(
        "guru",
        Optional.empty(),
        List.of(mirrors),
        true,
        verification,
        Optional.of(publicKey),
        store.directory(),
        Optional.empty());
  }
}
