package io.strata.delta;

import io.strata.codec.Compressor;
import io.strata.codec.Compressors;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/** An image of noise with LZO blocks in it, and its expanded form in parts that tests can spoil. */
final class ListedTarget {
  /** LZO, level 9, optimized. */
  static final int COMPRESSION = 0x01000019;

  final byte[] image;

  /** The image with NULs for its blocks, then the blocks uncompressed. */
  final byte[] content;

  /** Offset, length and uncompressed length of each block. */
  final int[] list;

  private ListedTarget(byte[] image, byte[] content, int[] list) {
    this.image = image;
    this.content = content;
    this.list = list;
  }

  /** With blocks that are so long uncompressed, noise between them, two of them side by side. */
  static ListedTarget of(int... lengths) throws Exception {
    Random random = new Random(lengths.length);
    Compressor lzo = Compressors.lzo(9, true);
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    ByteArrayOutputStream holes = new ByteArrayOutputStream();
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    int[] list = new int[lengths.length * 3];
    for (int i = 0; i < lengths.length; i++) {
      byte[] noise = new byte[i == 1 ? 0 : random.nextInt(3000)];
      random.nextBytes(noise);
      image.writeBytes(noise);
      holes.writeBytes(noise);
      byte[] text = text(random, lengths[i]);
      byte[] compressed = compress(lzo, text);
      list[i * 3] = image.size();
      list[i * 3 + 1] = compressed.length;
      list[i * 3 + 2] = lengths[i];
      image.writeBytes(compressed);
      holes.writeBytes(new byte[compressed.length]);
      plain.writeBytes(text);
    }
    holes.writeBytes(plain.toByteArray());
    return new ListedTarget(image.toByteArray(), holes.toByteArray(), list);
  }

  private static byte[] text(Random random, int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ('a' + random.nextInt(1 + random.nextInt(6)));
    }
    return text;
  }

  private static byte[] compress(Compressor lzo, byte[] plain) throws Exception {
    ByteBuffer source = ByteBuffer.allocateDirect(plain.length).put(plain);
    ByteBuffer target = ByteBuffer.allocateDirect(plain.length * 2 + 100);
    int n = lzo.compress(source, 0, plain.length, target, 0, target.capacity());
    byte[] compressed = new byte[n];
    target.get(0, compressed);
    return compressed;
  }

  /** The whole expanded form, with this list and header at its end. */
  byte[] expanded(int[] otherList, int... header) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(content);
    all.writeBytes(HandMadeDelta.words(otherList));
    all.writeBytes(HandMadeDelta.words(header));
    return all.toByteArray();
  }

  /** The whole expanded form as it is to be. */
  byte[] expanded() {
    return expanded(list, HandMadeDelta.MAGIC, 0, COMPRESSION, list.length / 3);
  }
}
