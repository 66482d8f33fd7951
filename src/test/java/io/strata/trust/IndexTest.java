package io.strata.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An index")
class IndexTest {
  private static final String A = "0123456789abcdef".repeat(8);
  private static final String B = "f".repeat(128);

  @Test
  @DisplayName("lists digests of text and binary mode, in any case, and ignores other lines")
  void digests() throws Exception {
    Index index =
        read(
            "# a comment",
            A.toUpperCase(java.util.Locale.ROOT) + "  guru-1.sqfs",
            B + " *guru 2.sqfs   \r",
            A.substring(1) + "  short.sqfs",
            A + "\tguru-tab.sqfs",
            A + "  ../guru-3.sqfs",
            "\\" + A + "  escaped.sqfs");
    assertEquals(Optional.of(A), index.digest("guru-1.sqfs"));
    assertEquals(Optional.of(B), index.digest("guru 2.sqfs"));
    assertEquals(2, index.digests().size());
  }

  @Test
  @DisplayName("names the current snapshot anywhere in a line, in any case, among several")
  void current() throws Exception {
    Index index =
        read(
            A + "  guru-1.sqfs",
            A + "  gentoo-20.sqfs",
            A + "  gentoo-overlay-30.sqfs",
            "# CURRENT: gentoo-overlay-30 gentoo-20",
            "see cUrReNt:guru-1\r");
    assertEquals("1", index.currentVersion("guru"));
    assertEquals("20", index.currentVersion("gentoo"));
    assertEquals("30", index.currentVersion("gentoo-overlay"));
  }

  @Test
  @DisplayName("of gentoo-overlay alone has no snapshot of gentoo")
  void wholeName() throws Exception {
    Index index = read(A + "  gentoo-overlay-30.sqfs", "Current: gentoo-overlay-30");
    assertThrows(IndexException.class, () -> index.currentVersion("gentoo"));
    assertThrows(IndexException.class, () -> index.currentVersion("overlay"));
    assertEquals("30", index.currentVersion("gentoo-overlay"));
  }

  @Test
  @DisplayName("takes a version for an arbitrary string")
  void versions() throws Exception {
    for (String version :
        new String[] {"2026-06-30", "v1-beta", "alpha", "1..2", "r1-2", "\u00e9"}) {
      Index index = read(A + "  guru-" + version + ".sqfs", "Current: guru-" + version);
      assertEquals(version, index.currentVersion("guru"));
    }
  }

  @Test
  @DisplayName("is refused where it names a snapshot that it does not list, or none")
  void unlisted() throws Exception {
    IndexException e =
        assertThrows(
            IndexException.class,
            () -> read(A + "  guru-1.sqfs", "Current: guru-2").currentVersion("guru"));
    assertTrue(e.toString().contains("guru-2"), e.toString());
    assertThrows(IndexException.class, () -> read(A + "  guru-1.sqfs").currentVersion("guru"));
    assertThrows(
        IndexException.class,
        () -> read(A + "  guru-1.sqfs", "Current: guru-").currentVersion("guru"));
  }

  @Test
  @DisplayName("is refused where a name has two digests, and not where it has one twice")
  void twice() throws Exception {
    assertEquals(1, read(A + "  guru-1.sqfs", A + " *guru-1.sqfs").digests().size());
    assertThrows(IndexException.class, () -> read(A + "  guru-1.sqfs", B + "  guru-1.sqfs"));
  }

  @Test
  @DisplayName("may hold lines that are no UTF-8")
  void notUtf8() throws Exception {
    byte[] content =
        ("\u00ff\u00fe\n" + A + "  \u00ff.sqfs\n" + A + "  guru-1.sqfs\nCurrent: guru-1\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    Index index = IndexReader.of(Verification.NO, Optional.empty()).read(content);
    assertEquals("1", index.currentVersion("guru"));
    assertEquals(1, index.digests().size());
  }

  private static Index read(String... lines) throws Exception {
    byte[] content = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    return IndexReader.of(Verification.NO, Optional.empty()).read(content);
  }
}
