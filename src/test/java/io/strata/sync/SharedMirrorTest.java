package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.strata.TestData;
import io.strata.posix.Posix;
import io.strata.store.Snapshot;
import io.strata.trust.Verification;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A sync of the real mirror of guru")
class SharedMirrorTest {
  private static final Snapshot OLD = new Snapshot("guru", "20260627");
  private static final Snapshot NEW = new Snapshot("guru", "20260630");

  /** Bytes of guru-20260627-20260630.sqdelta and of either image. */
  private static final long DELTA = 209_375;

  private static final long IMAGE = 14_544_896;

  @TempDir Path cache;
  private final Heard heard = new Heard();

  @Test
  @DisplayName("with the older index, then the newer one uses the delta; it equals the image there")
  void delta() throws Exception {
    Path mirror = TestData.shared("mirror");
    Path older = TestData.shared("mirror-variants/20260627-valid-but-older.txt");
    try (TestMirror server = new TestMirror(mirror).with("sha512sum.txt", older);
        SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      SyncResult first = engine.sync(config(Verification.REQUIRED, server.uri()), heard);
      assertEquals(Way.FULL, first.way());
      assertEquals(OLD, first.to());
    }
    try (TestMirror server = new TestMirror(mirror);
        SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      RepositoryConfig config = config(Verification.REQUIRED, server.uri());
      assertEquals(
          List.of(
              Candidate.deltas(
                  List.of(OLD, NEW),
                  List.of("guru-20260627-20260630.sqdelta"),
                  OptionalLong.of(DELTA)),
              Candidate.full("guru-20260630.sqfs", OptionalLong.of(IMAGE))),
          engine.plan(config, heard).candidates());
      SyncResult second = engine.sync(config, heard);
      assertEquals(Way.DELTA, second.way());
      assertEquals(DELTA, second.bytes());
      assertEquals(List.of(), engine.collect(config, 2));
      assertEquals(OLD, engine.collect(config, 1).getFirst().snapshot());
    }
    assertEquals(List.of(), heard.warnings);
    assertEquals(
        -1, Files.mismatch(cache.resolve("guru-current.sqfs"), mirror.resolve(NEW.imageName())));
  }

  @ParameterizedTest(name = "{0}: {1}, {2}, {3}")
  @DisplayName("accepts or refuses each index under openpgp-verify = no, yes, required")
  @CsvSource({
    "20260627-valid-but-older.txt, FULL, FULL, FULL",
    "comment-names-unlisted-snapshot.txt, INDEX, INDEX, INDEX",
    "current-in-armor-comment.txt, FULL, FULL, FULL",
    "tampered-digest.txt, FULL, SIGNATURE, SIGNATURE",
    "unsigned-line-before-armor.txt, FULL, FULL, FULL",
    "unsigned.txt, FULL, FULL, SIGNATURE",
    "untrusted-signer.txt, FULL, SIGNATURE, SIGNATURE",
  })
  void variants(String file, String no, String yes, String required) throws Exception {
    Path variant = TestData.shared("mirror-variants/" + file);
    try (TestMirror server =
        new TestMirror(TestData.shared("mirror")).with("sha512sum.txt", variant)) {
      assertEquals(no, plan(Verification.NO, server.uri()));
      assertEquals(yes, plan(Verification.YES, server.uri()));
      assertEquals(required, plan(Verification.REQUIRED, server.uri()));
    }
  }

  @ParameterizedTest
  @DisplayName("refuses the older index once the newer one was accepted, in every mode")
  @CsvSource({"NO", "YES", "REQUIRED"})
  void rollback(Verification verification) throws Exception {
    Path mirror = TestData.shared("mirror");
    Path older = TestData.shared("mirror-variants/20260627-valid-but-older.txt");
    try (TestMirror server = new TestMirror(mirror);
        TestMirror stale = new TestMirror(mirror).with("sha512sum.txt", older);
        SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      engine.sync(config(verification, server.uri()), heard);
      SyncException e =
          assertThrows(
              SyncException.class, () -> engine.sync(config(verification, stale.uri()), heard));
      assertEquals(Failure.SIGNATURE, e.failure());
      assertEquals(
          Path.of(NEW.imageName()), Files.readSymbolicLink(cache.resolve("guru-current.sqfs")));
    }
  }

  private String plan(Verification verification, URI uri) {
    try (SyncEngine engine = new SyncEngine(Posix.system(), Timeouts.DEFAULT)) {
      return "" + engine.plan(config(verification, uri), heard).choice().orElseThrow().way();
    } catch (SyncException e) {
      return "" + e.failure();
    }
  }

  private RepositoryConfig config(Verification verification, URI uri) {
    return new RepositoryConfig(
            "guru",
            Optional.empty(),
            List.of(uri),
            true,
            verification,
            Optional.of(TestData.shared("keys/guru-snapshots.asc")),
            cache,
            Optional.empty())
        .withMaxAge(Optional.empty());
  }
}
