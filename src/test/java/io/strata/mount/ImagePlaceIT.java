package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An image that is not a file of its own")
class ImagePlaceIT extends MountFixture {
  /** A program with the image behind it, as an AppImage is. */
  private Path application() throws Exception {
    Path file = directory.resolve("application");
    Files.copy(Path.of("/bin/sleep"), file);
    Strata.tool("sh", "-c", "cat '%s' >> '%s'".formatted(image, file));
    return file;
  }

  private void assertServes() throws Exception {
    assertEquals("one", word());
    assertEquals(
        -1, Files.mismatch(Path.of("/bin/sleep"), mountPoint.resolve("sleep")), "other bytes");
    strata.run("umount", mountPoint).expect(0);
    assertNothingLeft();
  }

  @ParameterizedTest
  @DisplayName("is found in an application, and mounted, on each transport")
  @ValueSource(strings = {"kernel", "libfuse"})
  void application(String transport) throws Exception {
    Path file = application();
    strata.run("mount", file, mountPoint, "--transport", transport).expect(0);
    assertEquals(file.toString(), mounted().orElseThrow().source());
    assertServes();
  }

  @Test
  @DisplayName("is mounted at the offset given, and none other")
  void offset() throws Exception {
    Path file = application();
    long place = Files.size(Path.of("/bin/sleep"));
    strata
        .run("mount", file, mountPoint, "-o", "offset=" + (place - 1))
        .expect(6)
        .says(
            file + ": superblock at byte 0 of the image, " + (place - 1) + " of the file",
            "give offset " + place);
    strata
        .run("mount", file, mountPoint, "-o", "offset=" + Files.size(file))
        .expect(6)
        .says("the file ends before");
    strata.run("mount", file, mountPoint, "-o", "offset=" + place).expect(0);
    assertServes();
  }

  @Test
  @DisplayName("is a layer, found or at an offset")
  void layers() throws Exception {
    Path file = application();
    long place = Files.size(Path.of("/bin/sleep"));
    Path other = image("second", "two");
    Path lower = Path.of(file + ",offset=" + place);
    for (Path under : new Path[] {file, lower}) {
      strata.run("mount", other, mountPoint, "--lower", under).expect(0);
      assertEquals("two", word());
      strata.run("umount", mountPoint).expect(0);
    }
    strata
        .run("mount", other, mountPoint, "--lower", file + ",offset=7")
        .expect(6)
        .says("7 of the file", "give offset " + place);
    strata.run("mount", file, mountPoint, "--upper", directory.resolve("upper")).expect(0);
    assertEquals("one", word());
    Files.writeString(mountPoint.resolve("word"), "changed");
    assertEquals("changed", word());
    strata.run("umount", mountPoint).expect(0);
  }

  @Test
  @DisplayName("that is damaged is read with errors that say where in the file the damage is")
  void damage() throws Exception {
    Path file = application();
    long place = Files.size(Path.of("/bin/sleep"));
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(place + 96 + 1000); // in the first data block
      bytes.write(new byte[5000]);
    }
    mount(file);
    strata.run(java.util.List.of("cat", mountPoint + "/sleep")).expect(1);
    Path log = entry().plan().log();
    strata.run("umount", mountPoint).expect(0);
    String said = Files.readString(log);
    assertTrue(said.contains("serving " + file + " (from byte " + place + ") at "), said);
    assertTrue(said.contains(" at byte 96 of the image, " + (place + 96) + " of the file"), said);
    Files.delete(log);
  }

  private void mount(Path file) throws Exception {
    strata.run("mount", file, mountPoint).expect(0);
  }

  @Test
  @DisplayName("is a block device, a part of one, or a partition on it")
  void blockDevice() throws Exception {
    Path disk = directory.resolve("disk");
    int start = 1 << 20;
    Strata.tool("truncate", "-s", "8M", disk.toString());
    Strata.tool(
        "dd", "if=" + image, "of=" + disk, "bs=1M", "seek=1", "conv=notrunc", "status=none");
    String whole = Strata.tool("losetup", "--show", "-r", "-f", disk.toString()).strip();
    String partition = "";
    try {
      partition =
          Strata.tool("losetup", "--show", "-r", "-f", "-o", "" + start, disk.toString()).strip();
      for (String device : new String[] {partition, whole}) {
        strata.run("mount", device, mountPoint).expect(0);
        assertEquals(device, mounted().orElseThrow().source());
        assertServes();
      }
      strata.run("mount", whole, mountPoint, "-o", "offset=" + start).expect(0);
      assertServes();
      strata.run("mount", whole, mountPoint, "-o", "offset=512").expect(6).says("offset " + start);
      assertEquals("sleep\nsub\nword\n", strata.run("image", "ls", partition).expect(0).out());
      strata.run("image", "verify", whole).expect(0);
      String info = strata.run("image", "info", whole, "--json").expect(0).out();
      assertTrue(info.contains("\"file-size\": " + (8 << 20)), info);
      assertTrue(info.contains("\"offset\": " + start), info);
    } finally {
      Strata.tool("losetup", "-d", whole);
      if (!partition.isEmpty()) {
        Strata.tool("losetup", "-d", partition);
      }
    }
  }

  @Test
  @DisplayName("is no directory, no device without one, and no FIFO")
  void none() throws Exception {
    Path fifo = directory.resolve("fifo");
    Strata.tool("mkfifo", fifo.toString());
    strata.run("mount", fifo, mountPoint).expect(6).says(fifo + ": ");
    strata.run("mount", "/dev/null", mountPoint).expect(6).says("/dev/null: ");
    Path empty = Files.createFile(directory.resolve("empty"));
    strata
        .run("mount", empty, mountPoint)
        .expect(6)
        .says("not a SquashFS image: the file is empty");
    assertNothingLeft();
  }
}
