package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.strata.posix.Stat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The value of user.containers.override_stat")
class OverrideStatTest {
  private static @Nullable OverrideStat parse(String value) {
    return OverrideStat.parse(value.getBytes(US_ASCII), Stat.S_IFREG);
  }

  private static String format(int mode) {
    return new String(new OverrideStat(1, -2, mode, 8, 300).format(), US_ASCII);
  }

  @Test
  @DisplayName("has user, group, octal mode, and the type with a device's numbers")
  void written() {
    assertEquals("1:4294967294:4755:file", format(Stat.S_IFREG | 04755));
    assertEquals("1:4294967294:0007:dir", format(Stat.S_IFDIR | 7));
    assertEquals("1:4294967294:0644:pipe", format(Stat.S_IFIFO | 0644));
    assertEquals("1:4294967294:0644:socket", format(Stat.S_IFSOCK | 0644));
    assertEquals("1:4294967294:0600:block-8-300", format(Stat.S_IFBLK | 0600));
    assertEquals("1:4294967294:0600:char-8-300", format(Stat.S_IFCHR | 0600));
  }

  @Test
  @DisplayName("is read back, with and without a type")
  void read() {
    assertEquals(new OverrideStat(0, 5, Stat.S_IFREG | 0644, 0, 0), parse("0:5:644"));
    assertEquals(new OverrideStat(0, 5, Stat.S_IFREG | 0644, 0, 0), parse("0:5:0100644"));
    assertEquals(new OverrideStat(0, 5, Stat.S_IFCHR | 0644, 1, 3), parse("0:5:0644:char-1-3"));
    assertEquals(new OverrideStat(0, 5, Stat.S_IFIFO, 0, 0), parse("0:5:0:pipe"));
    byte[] directory = "7:8:2755:dir".getBytes(US_ASCII);
    assertEquals(
        new OverrideStat(7, 8, Stat.S_IFDIR | 02755, 0, 0),
        OverrideStat.parse(directory, Stat.S_IFDIR));
  }

  @ParameterizedTest(name = "\"{0}\"")
  @DisplayName("means nothing where it is none")
  @ValueSource(
      strings = {
        "",
        "0",
        "0:0",
        "a:0:644",
        "0:0:9",
        "0:-1:644",
        "0:0:644:door",
        "0:0:644:char-1",
        "0:0:644:char-x-1",
        "99999999999:0:644"
      })
  void nonsense(String value) {
    assertNull(parse(value));
  }

  @Test
  @DisplayName("makes no device of a directory")
  void directoryStays() {
    assertNull(OverrideStat.parse("0:0:644:char-1-3".getBytes(US_ASCII), Stat.S_IFDIR));
  }

  @Test
  @DisplayName("lets the server reach the file, and nobody become the server's user")
  void realMode() {
    assertEquals(0600, new OverrideStat(0, 0, Stat.S_IFREG, 0, 0).realMode());
    assertEquals(0755, new OverrideStat(0, 0, Stat.S_IFREG | 06755, 0, 0).realMode());
    assertEquals(01700, new OverrideStat(0, 0, Stat.S_IFDIR | 01000, 0, 0).realMode());
  }
}
