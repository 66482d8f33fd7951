package io.strata.codec;

import java.nio.ByteBuffer;
import java.util.Random;

/** Blocks of bytes for the tests, and the way through direct buffers and back. */
final class Blocks {
  private Blocks() {}

  static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).clear();
  }

  static byte[] decompress(Decompressor decompressor, byte[] compressed, int capacity)
      throws CodecException {
    ByteBuffer target = ByteBuffer.allocateDirect(capacity);
    int n = decompressor.decompress(direct(compressed), 0, compressed.length, target, 0, capacity);
    return bytes(target, n);
  }

  static byte[] compress(Compressor compressor, byte[] plain, int capacity) throws CodecException {
    ByteBuffer target = ByteBuffer.allocateDirect(capacity);
    int n = compressor.compress(direct(plain), 0, plain.length, target, 0, capacity);
    return bytes(target, n);
  }

  private static byte[] bytes(ByteBuffer target, int length) {
    byte[] bytes = new byte[length];
    target.get(0, bytes);
    return bytes;
  }

  /** Bytes that are neither random nor dull: words from a small dictionary with noise between. */
  static byte[] text(long seed, int length) {
    Random random = new Random(seed);
    byte[][] words = new byte[64][];
    for (int i = 0; i < words.length; i++) {
      words[i] = new byte[1 + random.nextInt(12)];
      random.nextBytes(words[i]);
    }
    byte[] text = new byte[length];
    int at = 0;
    while (at < length) {
      byte[] word = words[random.nextInt(words.length)];
      int n = Math.min(word.length, length - at);
      System.arraycopy(word, 0, text, at, n);
      at += n;
      if (at < length && random.nextInt(20) == 0) {
        text[at++] = (byte) random.nextInt();
      }
    }
    return text;
  }

  /** Bytes that can't be compressed. */
  static byte[] noise(long seed, int length) {
    byte[] noise = new byte[length];
    new Random(seed).nextBytes(noise);
    return noise;
  }
}
