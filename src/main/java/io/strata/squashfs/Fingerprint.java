package io.strata.squashfs;

import io.strata.digest.Sha2;
import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Tells images apart without reading all of them: a SHA-256 of the superblock, of all tables, which
 * name every file with its size, time and place, and of samples of the data.
 *
 * <p>An image whose data takes no more than {@link #SAMPLES} times {@link #SAMPLE} bytes is taken
 * whole.
 */
final class Fingerprint {
  /** How many pieces of the data are taken, evenly spread. */
  private static final int SAMPLES = 64;

  /** How long each of them is, in bytes. */
  private static final int SAMPLE = 4096;

  private static final int PIECE = 1 << 16;

  private final ImageFile file;
  private final MessageDigest digest;
  private final NativeBuffer buffer = NativeBuffer.allocate(PIECE);

  private Fingerprint(ImageFile file, MessageDigest digest) {
    this.file = file;
    this.digest = digest;
  }

  /** 64 lower-case hexadecimal digits. */
  static String of(ImageFile file, Superblock superblock) throws IOException {
    Fingerprint print = new Fingerprint(file, Sha2.SHA_256.start());
    print.take(superblock.inodeTableStart(), superblock.bytesUsed());
    print.sample(superblock.inodeTableStart());
    return Sha2.hex(print.digest);
  }

  /** Takes what lies before {@code end}: the superblock first, then data. */
  private void sample(long end) throws IOException {
    long step = Math.max(SAMPLE, end / SAMPLES / SAMPLE * SAMPLE);
    for (long at = 0; at < end; at += step) {
      take(at, Math.min(at + SAMPLE, end));
    }
  }

  private void take(long from, long to) throws IOException {
    for (long at = from; at < to; at += PIECE) {
      int length = (int) Math.min(PIECE, to - at);
      file.readFully(at, length, buffer, 0);
      ByteBuffer bytes = buffer.bytes().slice(0, length);
      digest.update(bytes);
    }
  }
}
