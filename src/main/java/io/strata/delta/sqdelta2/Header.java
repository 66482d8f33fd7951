package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The head of a delta; {@code package-info} has its layout.
 *
 * @param sourceDigest SHA-256
 * @param targetDigest SHA-256
 * @param blockLog of the target, 12 to 20
 * @param probe the tile of the source to try the first way of compression with, or -1
 * @param library what compressed the maker's trials, such as {@code "liblzo2 2.10"}; ASCII
 */
record Header(
    long sourceLength,
    long targetLength,
    byte[] sourceDigest,
    byte[] targetDigest,
    int blockLog,
    int probe,
    List<Recompression> ways,
    String library) {
  /** Bytes before the ways of compression. */
  static final int FIXED_SIZE = 104;

  /** Bytes that it may have at most. */
  static final int MAX_SIZE = FIXED_SIZE + Limits.RECOMPRESSORS * Recompression.SIZE + 256;

  private static final int MAX_LIBRARY = 255;

  /** As PNG's: a byte beyond ASCII, a name, and line ends that text modes spoil. */
  private static final byte[] MAGIC = {(byte) 0x89, 'S', 'Q', 'D', '2', '\r', '\n', 0x1a};

  private static final int VERSION = 1;
  private static final int DIGEST_SIZE = 32;

  /** Whether a file begins as a delta of this format does. */
  static boolean isMagic(FileChannel file) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(MAGIC.length);
    int n = file.read(head, 0);
    return n == MAGIC.length && Arrays.equals(head.array(), MAGIC);
  }

  /**
   * Reads a header, and leaves {@code in} behind it.
   *
   * @throws DeltaException if it is of another format, or a field is out of range
   */
  static Header read(ByteReader in) throws DeltaException {
    if (!Arrays.equals(in.bytes(MAGIC.length), MAGIC)) {
      throw new DeltaException("not an .sqdelta2: it begins with something else");
    }
    int version = in.u16();
    if (version != VERSION) {
      throw new DeltaException("version " + version + " of .sqdelta2, known is " + VERSION);
    }
    if (in.u16() != 0) {
      throw new DeltaException("has flags that are not known");
    }
    int columns = in.u32() == Column.values().length ? Column.values().length : -1;
    if (columns < 0) {
      throw new DeltaException("has other columns than version " + VERSION);
    }
    long sourceLength = length(in.i64());
    long targetLength = length(in.i64());
    byte[] sourceDigest = in.bytes(DIGEST_SIZE);
    byte[] targetDigest = in.bytes(DIGEST_SIZE);
    int blockLog = in.u8();
    int count = in.u8();
    int unused = in.u16();
    long probe = in.u32() - 1;
    if (blockLog < 12 || blockLog > 20 || count > Limits.RECOMPRESSORS || unused != 0) {
      throw new DeltaException("the header has a field that is out of range");
    }
    if (probe >= Limits.TILES || (probe >= 0 && count == 0)) {
      throw new DeltaException("the header's probe " + probe + " is no tile");
    }
    List<Recompression> ways = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ways.add(Recompression.read(in));
    }
    String library = new String(in.bytes(in.u8()), StandardCharsets.US_ASCII);
    return new Header(
        sourceLength,
        targetLength,
        sourceDigest,
        targetDigest,
        blockLog,
        (int) probe,
        ways,
        library);
  }

  private static long length(long length) throws DeltaException {
    if (length < Superblock.SIZE || length > 1L << 62) {
      throw new DeltaException("the header has an image of " + length + " bytes");
    }
    return length;
  }

  void write(ByteWriter out) {
    out.bytes(MAGIC).u16(VERSION).u16(0).u32(Column.values().length);
    out.u64(sourceLength).u64(targetLength).bytes(sourceDigest).bytes(targetDigest);
    out.u8(blockLog).u8(ways.size()).u16(0).u32(probe + 1L);
    for (Recompression way : ways) {
      way.write(out);
    }
    byte[] name = library.getBytes(StandardCharsets.US_ASCII);
    byte[] shortened = Arrays.copyOf(name, Math.min(name.length, MAX_LIBRARY));
    out.u8(shortened.length).bytes(shortened);
  }
}
