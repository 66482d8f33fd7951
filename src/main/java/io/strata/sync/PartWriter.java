package io.strata.sync;

import io.strata.blocks.Part;
import io.strata.blocks.PartDigest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of parts that lie one behind the other, and writes each part once it is whole and
 * has the digest it should have. For one thread.
 */
final class PartWriter {
  private final List<Part> parts;
  private final FileChannel target;
  private byte[] bytes = {};
  private int part;
  private int filled;
  private boolean mixed; // whether the part that is coming is from several answers

  /** Parts of which nothing is here; they go to their places in {@code target}. */
  PartWriter(List<Part> parts, FileChannel target) {
    this.parts = parts;
    this.target = target;
  }

  /** Where the next byte belongs. */
  long next() {
    return part == parts.size() ? end() : parts.get(part).offset() + filled;
  }

  /** Where the bytes end. */
  long end() {
    return parts.getLast().end();
  }

  /** Another answer begins. */
  void begin() {
    mixed = filled > 0;
  }

  /** Forgets what came of a part that is not whole. */
  void forget() {
    filled = 0;
    mixed = false;
  }

  /** A part that is not what it should be. */
  record Wrong(Part part, boolean mixed) {}

  /**
   * Takes bytes.
   *
   * @param count not more than are missing up to {@link #end}
   * @return what is wrong; {@code null} if nothing is. The part has to come again then, and what
   *     came behind it.
   * @throws IOException if they can't be written
   */
  @Nullable Wrong add(byte[] source, int count) throws IOException {
    int at = 0;
    while (at < count) {
      Part now = parts.get(part);
      if (bytes.length < now.length()) {
        bytes = new byte[now.length()];
      }
      int step = Math.min(count - at, now.length() - filled);
      System.arraycopy(source, at, bytes, filled, step);
      at += step;
      filled += step;
      if (filled == now.length()) {
        if (!PartDigest.of(bytes, 0, filled).equals(now.digest())) {
          Wrong wrong = new Wrong(now, mixed);
          forget();
          return wrong;
        }
        write(now);
      }
    }
    return null;
  }

  private void write(Part now) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, filled);
    while (rest.hasRemaining()) {
      target.write(rest, now.offset() + rest.position());
    }
    part++;
    forget();
  }
}
