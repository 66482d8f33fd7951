package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.strata.TestData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The real indexes")
class MirrorVariantsTest {

  @ParameterizedTest(name = "{0}: no -> {1}, yes -> {2}, required -> {3}")
  @DisplayName("are accepted with the current version given here, or refused")
  @CsvSource({
    "mirror/sha512sum.txt, 20260630, 20260630, 20260630",
    "mirror-variants/20260627-valid-but-older.txt, 20260627, 20260627, 20260627",
    "mirror-variants/comment-names-unlisted-snapshot.txt, malformed, malformed, malformed",
    "mirror-variants/current-in-armor-comment.txt, 20260630, 20260630, 20260630",
    "mirror-variants/tampered-digest.txt, 20260630, untrusted, untrusted",
    "mirror-variants/unsigned-line-before-armor.txt, 20260630, 20260630, 20260630",
    "mirror-variants/unsigned.txt, 20260630, 20260630, untrusted",
    "mirror-variants/untrusted-signer.txt, 20260630, untrusted, untrusted",
  })
  void variants(String file, String no, String yes, String required) throws Exception {
    Path key = TestData.shared("keys/guru-snapshots.asc");
    byte[] content = Files.readAllBytes(TestData.shared(file));
    assertEquals(no, outcome(IndexReader.of(Verification.NO, Optional.empty()), content));
    assertEquals(yes, outcome(IndexReader.of(Verification.YES, Optional.of(key)), content));
    assertEquals(
        required, outcome(IndexReader.of(Verification.REQUIRED, Optional.of(key)), content));
  }

  @ParameterizedTest(name = "byte {0} of each hundred")
  @DisplayName("are refused when any byte of the body is another")
  @CsvSource({"0", "37", "61", "99"})
  void everyByte(int offset) throws Exception {
    Path key = TestData.shared("keys/guru-snapshots.asc");
    IndexReader reader = IndexReader.of(Verification.REQUIRED, Optional.of(key));
    byte[] content = Files.readAllBytes(TestData.shared("mirror/sha512sum.txt"));
    int body = 51; // the two header lines and the blank one
    for (int at = body + offset; at < content.length - 250; at += 100) {
      byte[] changed = content.clone();
      changed[at] ^= 1;
      assertThrows(Exception.class, () -> reader.read(changed), "byte " + at);
    }
  }

  private static String outcome(IndexReader reader, byte[] content) {
    try {
      return reader.read(content).currentVersion("guru");
    } catch (IndexException e) {
      return "malformed";
    } catch (UntrustedIndexException e) {
      return "untrusted";
    }
  }
}
