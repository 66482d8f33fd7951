package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
    "However the metadata of an image is changed, reading all of it ends, with or without error")
class ImageMutationTest {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

  @TempDir Path temp;
  private final NativeBuffer buffer = WholeImage.newBuffer();

  @Test
  @Timeout(60)
  @DisplayName("each bit of the uncompressed metadata of an image with one of everything")
  void everyBit() throws IOException {
    HandMadeImage image = new HandMadeImage();
    Path file = image.write(temp.resolve("image.sqfs"));
    assertEquals(Set.of(), WholeImage.failures(file, buffer));
    int metadata = image.at("inodes.header");
    int mutants = 0;
    for (int bit = 0; bit < 8; bit++) {
      mutants += mutate(file, image.bytes(), 0, Superblock.SIZE, 1 << bit);
      mutants += mutate(file, image.bytes(), metadata, image.size(), 1 << bit);
    }
    System.out.println("mutants of a hand-made image: " + mutants);
    assertTrue(mutants > 4000, "mutants: " + mutants);
  }

  @ParameterizedTest(name = "{0}")
  @Timeout(60)
  @DisplayName("each byte of the compressed metadata of an image by mksquashfs")
  @ValueSource(strings = {"gzip", "lzo", "lz4", "xz", "zstd"})
  void everyByte(String compressor) throws Exception {
    Path tree = Files.createDirectory(temp.resolve("tree"));
    for (int i = 0; i < 20; i++) {
      Files.write(tree.resolve("file" + i), new byte[i * 1000]);
    }
    Files.createSymbolicLink(tree.resolve("link"), Path.of("file1"));
    Files.createDirectories(tree.resolve("a/b/c"));
    Path file =
        ImageTools.mksquashfs(
            tree, temp.resolve("image.sqfs"), "-comp", compressor, "-b", "4K", "-nopad");
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(Set.of(), WholeImage.failures(file, buffer));
    int metadata;
    try (SquashFsImage image = SquashFsImage.open(file, WholeImage.SMALL)) {
      metadata = (int) image.superblock().inodeTableStart();
    }
    int mutants = mutate(file, bytes, 0, Superblock.SIZE, 0xff);
    mutants += mutate(file, bytes, metadata, bytes.length, 0xff);
    mutants += mutate(file, bytes, metadata, bytes.length, 0x01);
    System.out.println("mutants of a " + compressor + " image: " + mutants);
  }

  private int mutate(Path file, byte[] bytes, int from, int to, int change) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int at = from; at < to; at++) {
        put(channel, at, bytes[at] ^ change);
        long start = System.nanoTime();
        WholeImage.failures(file, buffer); // anything but a CorruptImageException comes through
        long taken = System.nanoTime() - start;
        assertTrue(taken < MOST_NANOS, "byte " + at + " ^ " + change + ": " + taken + " ns");
        put(channel, at, bytes[at]);
      }
    }
    return to - from;
  }

  private static void put(FileChannel channel, int at, int value) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {(byte) value}), at);
  }
}
