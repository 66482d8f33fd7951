package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A damage in an image")
class DamagedImageIT extends MountFixture {
  private static final int SIZE = 100_000;

  /** Where the data begins: behind the superblock, as the compressor has no options. */
  private static final int FIRST_BLOCK = 96;

  private final byte[] sound = new byte[SIZE];

  /** Three files of a block each, {@code bad} the first in the image, with a byte changed in it. */
  private Path damaged() throws Exception {
    Path tree = Files.createDirectory(directory.resolve("damaged.tree"));
    Random random = new Random(7);
    for (String name : new String[] {"bad", "good1", "good2"}) {
      for (int i = 0; i < SIZE; i++) {
        sound[i] = (byte) (random.nextInt() & 0x1f);
      }
      Files.write(tree.resolve(name), sound);
    }
    Path file = directory.resolve("damaged.sqfs");
    Strata.tool("mksquashfs", tree.toString(), file.toString(), "-quiet", "-no-fragments");
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      long at = FIRST_BLOCK + 1000;
      bytes.seek(at);
      int before = bytes.read();
      bytes.seek(at);
      bytes.write(before ^ 0xff);
    }
    return file;
  }

  @Test
  @DisplayName("is EIO to who reads that file, a line in the log, a finding of verify, and no more")
  void damage() throws Exception {
    Path file = damaged();
    String verdict = strata.run("image", "verify", file).expect(6).out();
    assertEquals(1, verdict.lines().filter(line -> line.contains("/bad")).count(), verdict);
    assertTrue(verdict.contains("at byte " + FIRST_BLOCK), verdict);
    assertTrue(!verdict.contains("good"), verdict);
    strata.run("mount", file, mountPoint).expect(0);
    Path bad = mountPoint.resolve("bad");
    assertEquals(SIZE, Files.size(bad));
    IOException error = assertThrows(IOException.class, () -> Files.readAllBytes(bad));
    assertTrue(error.toString().contains("Input/output error"), error::toString);
    assertArrayEquals(sound, Files.readAllBytes(mountPoint.resolve("good2")));
    assertEquals(SIZE, Files.readAllBytes(mountPoint.resolve("good1")).length);
    String log = Files.readString(entry().plan().log());
    String line = file + ": data block at byte " + FIRST_BLOCK + ": ";
    assertEquals(1, log.lines().filter(each -> each.contains(line)).count(), log);
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }
}
