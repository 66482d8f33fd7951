package io.strata.blocks;

import io.strata.digest.Sha2;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The parts of an image.
 *
 * @param imageSha512 of the image, 128 lower-case hexadecimal digits
 * @param parts all of them, one behind the other from offset 0 on
 */
public record BlockIndex(String imageSha512, List<Part> parts) {
  /** The largest index that can be: of the most parts. */
  public static final int MAX_SIZE = 1 << 30;

  private static final byte[] MAGIC = "SQBLOCKS".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int SHA512_SIZE = 64;
  private static final int HEADER_SIZE = 88;
  private static final int PART_SIZE = Long.BYTES + Integer.BYTES + PartDigest.SIZE;
  private static final int MAX_PARTS = (MAX_SIZE - HEADER_SIZE) / PART_SIZE;

  /** Where a longer part of an image is divided. */
  private static final int STEP = 1 << 20;

  /** Takes a copy, so that the value never changes. */
  public BlockIndex {
    parts = List.copyOf(parts);
  }

  /** {@code ${image}.blocks}. */
  public static String nameFor(String imageName) {
    return imageName + ".blocks";
  }

  /** How long the image is, in bytes. */
  public long length() {
    return parts.getLast().end();
  }

  /**
   * The index of an image.
   *
   * @throws IOException if it can't be read, or is damaged
   */
  public static BlockIndex of(Path image) throws IOException {
    long[] borders;
    try (SquashFsImage open = SquashFsImage.open(image)) {
      borders = open.borders();
    }
    MessageDigest sha512 = Sha2.SHA_512.start();
    List<Part> parts = new ArrayList<>(borders.length);
    byte[] bytes = new byte[STEP];
    try (InputStream in = Files.newInputStream(image)) {
      for (int i = 0; i + 1 < borders.length; i++) {
        for (long at = borders[i]; at < borders[i + 1]; at += STEP) {
          int length = (int) Math.min(STEP, borders[i + 1] - at);
          if (in.readNBytes(bytes, 0, length) < length) {
            throw new IOException(image + ": it became shorter while it was read");
          }
          sha512.update(bytes, 0, length);
          parts.add(new Part(at, length, PartDigest.of(bytes, 0, length)));
        }
      }
    }
    return new BlockIndex(Sha2.hex(sha512), parts);
  }

  /** The bytes of the file, see the package's description. */
  public byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_SIZE + parts.size() * PART_SIZE);
    bytes.put(MAGIC).putInt(VERSION).putInt(parts.size()).putLong(length());
    bytes.put(HexFormat.of().parseHex(imageSha512));
    for (Part part : parts) {
      bytes.putLong(part.offset()).putInt(part.length());
      part.digest().write(bytes);
    }
    return bytes.array();
  }

  /**
   * Reads the bytes of a file.
   *
   * @throws BlockIndexException if it is no block index, or one that contradicts itself
   */
  public static BlockIndex read(byte[] file) throws BlockIndexException {
    if (file.length < HEADER_SIZE
        || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new BlockIndexException("not a block index");
    }
    ByteBuffer bytes = ByteBuffer.wrap(file).position(MAGIC.length);
    int version = bytes.getInt();
    if (version != VERSION) {
      throw new BlockIndexException("a block index of version " + version + ", not " + VERSION);
    }
    int count = bytes.getInt();
    long length = bytes.getLong();
    if (count < 1 || count > MAX_PARTS || file.length != HEADER_SIZE + (long) count * PART_SIZE) {
      throw new BlockIndexException(
          "a block index of "
              + Integer.toUnsignedString(count)
              + " parts in "
              + file.length
              + " bytes");
    }
    byte[] sha512 = new byte[SHA512_SIZE];
    bytes.get(sha512);
    BlockIndex index = new BlockIndex(HexFormat.of().formatHex(sha512), parts(bytes, count));
    if (index.length() != length) {
      throw new BlockIndexException(
          "its parts end at byte " + index.length() + ", the image at " + length);
    }
    return index;
  }

  private static List<Part> parts(ByteBuffer bytes, int count) throws BlockIndexException {
    List<Part> parts = new ArrayList<>(count);
    long end = 0;
    for (int i = 0; i < count; i++) {
      Part part = new Part(bytes.getLong(), bytes.getInt(), PartDigest.read(bytes));
      if (part.offset() != end || part.length() < 1 || part.length() > Part.MAX_LENGTH) {
        throw new BlockIndexException(
            "part " + i + " is said to have " + part.length() + " bytes at byte " + part.offset());
      }
      parts.add(part);
      end = part.end();
    }
    return parts;
  }
}
