package io.strata.squashfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

@DisplayName("An image whose blocks were made to break its readers")
@Timeout(300)
class HostileBlocksTest extends HostileImageFixture {
  @Test
  @DisplayName("by a zlib stream of a gigabyte in a block gives EIO for the block")
  void gzipBomb() throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(stream)) {
      for (int i = 0; i < 20; i++) {
        out.write(new byte[MIB]);
      }
    }
    assertBlockIsRefused(1, stream.toByteArray());
  }

  @Test
  @DisplayName("by an .xz stream that wants a dictionary of a gigabyte, or yields 8 MiB, gives EIO")
  void xzBomb() throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    LZMA2Options options = new LZMA2Options(0);
    options.setDictSize(8 * MIB);
    try (XZOutputStream out = new XZOutputStream(stream, options)) {
      out.write(new byte[8 * MIB]);
    }
    byte[] bytes = stream.toByteArray();
    assertBlockIsRefused(4, bytes);
    assertBlockIsRefused(4, withXzDictionary(bytes, 38)); // 2 GiB
    assertBlockIsRefused(4, withXzDictionary(bytes, 16)); // 1 MiB
  }

  /** Changes the byte for the dictionary's size, and the CRC of the block header around it. */
  private static byte[] withXzDictionary(byte[] stream, int size) {
    byte[] bytes = stream.clone();
    int header = 12; // behind the stream header; its first byte is its length / 4 - 1
    int length = (bytes[header] + 1) * 4;
    bytes[header + 4] = (byte) size; // flags, filter id 0x21, size of properties, properties
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(bytes, header, length - 4);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(header + length - 4, (int) crc.getValue());
    return bytes;
  }

  @Test
  @DisplayName(
      "by a zstd frame that claims or yields too much, or wants a window of 2 GiB, gives EIO")
  void zstdBomb() throws IOException {
    byte[] large = Zstd.compress(new byte[8 * MIB]);
    assertBlockIsRefused(6, large);
    // Magic, no content size, a window of 2^41 bytes, one empty raw block that is the last.
    byte[] window = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xf8, 1, 0, 0};
    assertBlockIsRefused(6, window);
    byte[] whole = Zstd.compress(new byte[1 << 17]);
    byte[] two = Arrays.copyOf(whole, whole.length + window.length);
    System.arraycopy(window, 0, two, whole.length, window.length);
    assertBlockIsRefused(6, two);
    byte[] old = whole.clone();
    old[0] = 0x27; // the magic of a format before zstd 0.8
    assertBlockIsRefused(6, old);
    assertBlockIsRefused(6, new byte[] {0x28, (byte) 0xb5});
  }

  @Test
  @DisplayName("by an lz4 or lzo block that yields more, or reaches before its start, gives EIO")
  void otherBombs() throws IOException {
    byte[] lz4 = new byte[2000];
    Arrays.fill(lz4, (byte) 0xff); // one literal run, longer than anything
    assertBlockIsRefused(5, lz4);
    byte[] match = {0x1f, 'x', 1, 0, -1, -1, -1, -1, -1, -1, 0, 0x50, 1, 2, 3, 4, 5};
    assertBlockIsRefused(5, Arrays.copyOf(match, 2000));
    byte[] lzo = new byte[2000]; // zero bytes: a length of 255 for each
    assertBlockIsRefused(3, lzo);
    byte[] before = {18, 'x', 32, 0, 0, 17, 0, 0}; // one literal, a match far before it
    assertBlockIsRefused(3, before);
  }

  private void assertBlockIsRefused(int compression, byte[] stored) throws IOException {
    SquashFsImage image = open(HostileImages.block(compression, stored));
    FileInode bomb = (FileInode) find(image, "bomb");
    CorruptImageException error =
        assertThrows(CorruptImageException.class, () -> image.read(bomb, 0, MIB, buffer, 0));
    assertEquals(96 + HostileImages.GOOD.length(), error.offset(), error::getMessage);
    assertThrows(CorruptImageException.class, () -> image.read(bomb, 5, 3, buffer, 0));
    assertGoodIsReadable(image);
  }
}
