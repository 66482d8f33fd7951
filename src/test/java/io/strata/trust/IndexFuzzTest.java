package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that a mirror may send for an index, or for the signature in one. */
@DisplayName("Whatever bytes are said to be")
class IndexFuzzTest {
  private static final String DIGEST = "0123456789abcdef".repeat(8);
  private static final String BODY = DIGEST + "  guru-1.sqfs\nCurrent: guru-1\n";
  private static final String HEAD = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n";
  private static final String SIGNATURE = "-----BEGIN PGP SIGNATURE-----\n\n";
  private static final String END = "\n-----END PGP SIGNATURE-----\n";

  @TempDir static Path directory;
  private static IndexReader required = reader(Verification.NO, Optional.empty());
  private final IndexReader careless = reader(Verification.NO, Optional.empty());

  @BeforeAll
  static void key() throws Exception {
    try (Gpg gpg = new Gpg(directory.resolve("gnupg"))) {
      gpg.key("publisher", "ed25519", "sign", "never");
      Path key = gpg.export("publisher", false, false);
      required = reader(Verification.REQUIRED, Optional.of(key));
      assertEquals(
          1,
          required
              .read(gpg.clearSign("publisher", BODY.getBytes(StandardCharsets.US_ASCII)))
              .digests()
              .size());
      assertTrue(Files.size(key) > 0);
    }
  }

  static Stream<Arguments> indexes() {
    return Stream.of(
            BODY,
            HEAD + BODY + SIGNATURE + "wsAEfwEWCg==" + END,
            HEAD + "- -\n-" + SIGNATURE + END,
            DIGEST + " *a/b\n" + DIGEST + "  guru-\u00e9.sqfs\ncurrent: , current: guru-",
            HEAD + "\n" + SIGNATURE.strip() + "\nComment: Current: guru-1\n\n=AAAA" + END)
        .map(text -> Arguments.of((Object) text.getBytes(StandardCharsets.UTF_8)));
  }

  static Stream<Arguments> packets() {
    return List.of(
            new byte[] {(byte) 0xc2, 4, 0x7f, 1, 0x16, 0x0a},
            new byte[] {(byte) 0xc2, 16, 6, 1, 27, 10, 0x7f, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0},
            new byte[] {(byte) 0xc2, 10, 4, 1, 22, 10, -1, -1, 0, 0, 0, 0},
            new byte[] {(byte) 0x88, 8, 4, 1, 22, 10, 0, 0, 0, 0})
        .stream()
        .map(bytes -> Arguments.of((Object) bytes));
  }

  @MethodSource("indexes")
  @FuzzTest
  void index(byte[] bytes) {
    assertEquals(Map.of(), digests(required, bytes));
    for (Map.Entry<String, String> file : digests(careless, bytes).entrySet()) {
      assertTrue(file.getValue().matches("[0-9a-f]{128}"), file.getValue());
      assertTrue(file.getKey().indexOf('/') < 0, file.getKey());
    }
  }

  @MethodSource("packets")
  @FuzzTest
  void signature(byte[] packets) {
    String message = HEAD + BODY + SIGNATURE + Base64.getEncoder().encodeToString(packets) + END;
    assertEquals(Map.of(), digests(required, message.getBytes(StandardCharsets.US_ASCII)));
  }

  private static Map<String, String> digests(IndexReader reader, byte[] bytes) {
    try {
      Index index = reader.read(bytes);
      index.images("guru");
      index.currentVersion("guru");
      return index.digests();
    } catch (IndexException | UntrustedIndexException e) {
      return Map.of();
    }
  }

  private static IndexReader reader(Verification verification, Optional<Path> key) {
    try {
      return IndexReader.of(verification, key);
    } catch (KeyException e) {
      throw new IllegalStateException(e);
    }
  }
}
