package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The device of a mount")
class ReadAheadTest {
  private static final String MOUNTS =
      """
      22 1 8:1 / / rw,relatime - ext4 /dev/root rw
      41 22 0:38 / /mnt/a\\040b rw - fuse.strata one rw
      42 22 0:39 / /mnt/a\\040b rw - fuse.strata two rw
      """;

  @Test
  @DisplayName("is that of the last mount on the place, whose odd characters are in octal")
  void lastMount() {
    assertEquals(Optional.of("0:39"), ReadAhead.device(MOUNTS, Path.of("/mnt/a b")));
    assertEquals(Optional.of("8:1"), ReadAhead.device(MOUNTS, Path.of("/")));
    assertEquals(Optional.empty(), ReadAhead.device(MOUNTS, Path.of("/mnt/a")));
    assertEquals(Optional.empty(), ReadAhead.device("", Path.of("/")));
  }
}
