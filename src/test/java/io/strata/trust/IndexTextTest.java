package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An index that is edited")
class IndexTextTest {
  private static final String OLD = "a1".repeat(64);
  private static final String NEW = "b2".repeat(64);

  @Test
  @DisplayName("lists a new file behind the others, and a file listed before in one place only")
  void digests() throws Exception {
    IndexText text = read(OLD + "  a-1.sqfs\n\nsome text\n" + OLD + " *b-1.sqfs\nthe end\n");
    assertFalse(text.signed());
    assertEquals(
        OLD + "  a-1.sqfs\n\nsome text\n" + OLD + " *b-1.sqfs\n" + NEW + "  c-1.sqfs\nthe end\n",
        string(text.withDigest("c-1.sqfs", NEW)));
    assertEquals(
        "\nsome text\n" + OLD + " *b-1.sqfs\n" + NEW + "  a-1.sqfs\nthe end\n",
        string(text.withDigest("a-1.sqfs", NEW)));
    assertEquals(NEW + "  x-ü.sqfs\n", string(IndexText.EMPTY.withDigest("x-ü.sqfs", NEW)));
  }

  @Test
  @DisplayName("names one snapshot of a repository as current and leaves those of others")
  void current() throws Exception {
    IndexText text =
        read("# CURRENT: gentoo-1, gentoo-overlay-3\ncurrent: guru-2\nCurrent: gentoo-0\n");
    assertEquals(
        "# CURRENT: gentoo-overlay-3\ncurrent: guru-2\nCurrent: gentoo-2\n",
        string(text.withCurrent("gentoo", "2")));
  }

  @Test
  @DisplayName("knows names whose UTF-8 has bytes that are control characters by themselves")
  void currentBeyondAscii() throws Exception {
    IndexText text = read("Current: guru-\u00c9, other-\u00c9\n");
    assertEquals("Current: other-\u00c9\nCurrent: guru-2\n", string(text.withCurrent("guru", "2")));
    assertEquals(
        "Current: guru-\u00c9\nCurrent: other-3\n", string(text.withCurrent("other", "3")));
  }

  @Test
  @DisplayName("keeps bytes that are no UTF-8")
  void bytes() throws Exception {
    byte[] raw = {'#', (byte) 0xe9, '\n'};
    assertEquals(
        "#é\nCurrent: a-1\n",
        new String(IndexText.read(raw).withCurrent("a", "1").bytes(), StandardCharsets.ISO_8859_1));
  }

  @Test
  @DisplayName("takes what only the signature's comment names over into the body, if it is listed")
  void comments() throws Exception {
    String message =
        """
        -----BEGIN PGP SIGNED MESSAGE-----
        Hash: SHA512

        %s  a-1.sqfs
        - -dashed
        -----BEGIN PGP SIGNATURE-----
        Comment: Current: a-1 b-9

        aaaa
        -----END PGP SIGNATURE-----
        """
            .formatted(OLD);
    IndexText text = read(message);
    assertTrue(text.signed());
    assertEquals(OLD + "  a-1.sqfs\n-dashed\nCurrent: a-1\n", string(text));
  }

  private static IndexText read(String text) throws IndexException {
    return IndexText.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String string(IndexText text) {
    return new String(text.bytes(), StandardCharsets.UTF_8);
  }
}
