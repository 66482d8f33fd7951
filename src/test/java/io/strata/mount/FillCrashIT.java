package io.strata.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The file has only its metadata in the upper; the server is killed while the data follows. */
@DisplayName("A large file whose data was being copied up when the server was killed")
class FillCrashIT extends MountFixture {
  private static final int SIZE = 96 << 20;
  private static final int[] KILL_AT_MEBIBYTES = {1, 60};
  private static final String CAPABILITY = "0x0100000200040000000000000000000000000000";
  private static final byte[] METACOPY = "trusted.overlay.metacopy".getBytes(UTF_8);

  private final Posix posix = Posix.system();

  @BeforeEach
  void build() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Strata.tool("sh", "-c", "head -c " + SIZE + " /dev/urandom > " + tree.resolve("file"));
    Files.createLink(tree.resolve("link"), tree.resolve("file"));
    image = directory.resolve("tree.sqfs");
    Strata.tool("mksquashfs", tree.toString(), image.toString(), "-quiet", "-no-progress", "-noD");
  }

  private Path upper() {
    return directory.resolve("upper");
  }

  /** Mode, owner, size, time of change of the content, and capability. */
  private String shown(Path file) throws Exception {
    String script =
        """
        stat -c '%%F %%a %%u %%s %%Y' %1$s
        getfattr --absolute-names -n security.capability -e hex --only-values %1$s
        """;
    return Strata.tool("sh", "-ec", script.formatted(file));
  }

  private void giveMetadata(Path file) throws Exception {
    String script =
        "chmod 4755 %1$s; setfattr -n security.capability -v %2$s %1$s; touch -c -d @1000000 %1$s";
    Strata.tool("sh", "-ec", script.formatted(file, CAPABILITY));
  }

  private boolean isMetacopy() throws ErrnoException {
    try {
      posix.xattrs().get(upperFile(), false, METACOPY, 0, 0);
      return true;
    } catch (ErrnoException e) {
      assertEquals(Errno.ENODATA, e.errno());
      return false;
    }
  }

  private byte[] upperFile() {
    return (upper() + "/file").getBytes(UTF_8);
  }

  private long mebibytes() throws ErrnoException {
    Stat stat = new Stat();
    posix.names().stat(NameCalls.AT_FDCWD, upperFile(), 0, stat);
    return stat.blocks >> 11;
  }

  /** Kills the server once so much data is there; says whether that was in the middle of it. */
  private boolean killWhileFilling(int mebibytes) throws Exception {
    long pid = entry().pid();
    String append = "printf x >> " + mountPoint.resolve("file") + " || true";
    Process writer = new ProcessBuilder("sh", "-c", append).start();
    long end = System.nanoTime() + 60_000_000_000L;
    while (isMetacopy() && mebibytes() < mebibytes) {
      assertTrue(System.nanoTime() < end, "the data does not come");
    }
    ProcessHandle.of(pid).orElseThrow().destroyForcibly(); // at once: kill(1) would take longer
    awaitEnd(pid);
    writer.waitFor();
    strata.run("umount", mountPoint).expect(0);
    return isMetacopy();
  }

  @Test
  @DisplayName("is what it was, or whole and changed: content, times, mode and capabilities")
  void oldOrNew() throws Exception {
    mount("--upper", upper());
    Path file = mountPoint.resolve("file");
    giveMetadata(file);
    String before = shown(file);
    assertTrue(isMetacopy());
    boolean inTheMiddle = false;
    for (int mebibytes : KILL_AT_MEBIBYTES) {
      boolean cut = killWhileFilling(mebibytes);
      inTheMiddle |= cut;
      mount("--upper", upper());
      String lower = directory.resolve("tree/file").toString();
      Strata.tool("cmp", "-n", Integer.toString(SIZE), lower, mountPoint + "/link");
      assertEquals(cut, isMetacopy());
      if (Files.size(file) != SIZE) {
        assertEquals(SIZE + 1, Files.size(file));
        break;
      }
      assertEquals(before, shown(file), "after a kill at " + mebibytes + " MiB");
      if (cut) {
        assertEquals(0, mebibytes(), "half of the data takes space");
      }
    }
    assertTrue(inTheMiddle, "no kill was early enough");
  }
}
