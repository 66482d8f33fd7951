package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The upper is on a disk in a file. A copy of that file, made while all is still running, is what a
 * power cut at that moment leaves of the disk.
 */
@DisplayName("A power cut")
class PowerCutIT extends MountFixture {
  private static final int SIZE = 100_000;

  private Path mountDisk(Path disk, String name) throws Exception {
    Path place = Files.createDirectory(directory.resolve(name));
    Strata.tool("mount", "-o", "loop,commit=300", disk.toString(), place.toString());
    return place;
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("takes nothing that was synced, and leaves what was not synced old or new")
  @ValueSource(strings = {"fsync", "fdatasync"})
  void afterSync(String call) throws Exception {
    byte[] old = new byte[SIZE];
    Arrays.fill(old, (byte) 'o');
    Path tree = Files.createDirectories(directory.resolve("tree"));
    Path deep = Files.createDirectories(tree.resolve("a/b/c"));
    for (String name : new String[] {"synced", "unsynced"}) {
      Files.write(deep.resolve(name), old);
    }
    image = directory.resolve("tree.sqfs");
    Strata.tool("mksquashfs", tree.toString(), image.toString(), "-quiet", "-no-progress");
    Path disk = directory.resolve("disk");
    Strata.tool("truncate", "-s", "32M", disk.toString());
    Strata.tool("mkfs.ext4", "-q", disk.toString());
    Path running = mountDisk(disk, "running");
    Path left = directory.resolve("left");
    try {
      mount("--upper", running.resolve("upper"));
      Strata.tool("sync", "-f", running.toString());
      changeAndSync(mountPoint.resolve("a/b/c"), call.equals("fsync"));
      Strata.tool("cp", "--sparse=always", disk.toString(), left.toString());
      strata.run("umount", mountPoint).expect(0);
    } finally {
      Strata.tool("umount", "-l", running.toString());
    }
    check(left, old);
  }

  private static void changeAndSync(Path inside, boolean metadataToo) throws Exception {
    Files.write(inside.resolve("unsynced"), new byte[] {'n'}, StandardOpenOption.APPEND);
    try (FileChannel file = FileChannel.open(inside.resolve("synced"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {'n'}), 0);
      file.force(metadataToo);
    }
  }

  private void check(Path disk, byte[] old) throws Exception {
    Path place = mountDisk(disk, "again");
    try {
      mount("--upper", place.resolve("upper"));
      Path inside = mountPoint.resolve("a/b/c");
      byte[] synced = Files.readAllBytes(inside.resolve("synced"));
      assertEquals('n', synced[0], "what was synced is gone");
      assertArrayEquals(
          Arrays.copyOfRange(old, 1, SIZE), Arrays.copyOfRange(synced, 1, synced.length));
      byte[] unsynced = Files.readAllBytes(inside.resolve("unsynced"));
      assertTrue(unsynced.length >= SIZE, unsynced.length + " bytes of the file below");
      assertArrayEquals(old, Arrays.copyOf(unsynced, SIZE));
      strata.run("umount", mountPoint).expect(0);
    } finally {
      Strata.tool("umount", "-l", place.toString());
    }
  }
}
