package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the content of frames apart into what is stored of them, and puts it together again.
 * Immutable; for any thread.
 */
final class FrameContent {
  private static final byte[] NOTHING = {};

  private final Slots old;
  private final Slots now;
  private final Operands operands;

  /**
   * For the frames of one delta.
   *
   * @param tiles all tiles of the target
   * @param frames with their dictionaries and copies
   * @param targetBlockSize in bytes
   */
  FrameContent(Slots old, List<PlannedTile> tiles, List<Frame> frames, int targetBlockSize) {
    this.old = old;
    this.now = Slots.of(tiles, old, targetBlockSize);
    this.operands = new Operands(Moves.of(tiles, frames, old, now));
  }

  /**
   * What is stored.
   *
   * @param bytes the differences of the copies, then the literals; each is a zstd frame
   * @param differences how many bytes of these are the differences
   * @param addresses whether addresses are expected to have changed
   */
  record Packed(byte[] bytes, int differences, boolean addresses) {}

  /** Compresses a content, its members inflated. */
  Packed pack(Frame frame, byte[] content, byte[] dictionary) {
    List<Stretch> stretches = Stretch.of(frame, old, now);
    byte[] plain = differences(frame, stretches, content, dictionary, false);
    byte[] addressed = differences(frame, stretches, content, dictionary, true);
    boolean addresses = differing(addressed) < differing(plain);
    byte[] literals = new byte[content.length - plain.length];
    int at = 0;
    int done = 0;
    for (Stretch stretch : stretches) {
      System.arraycopy(content, at, literals, at - done, stretch.at() - at);
      done += stretch.length();
      at = stretch.at() + stretch.length();
    }
    System.arraycopy(content, at, literals, at - done, content.length - at);
    byte[] first = part(addresses ? addressed : plain, NOTHING);
    byte[] second = part(literals, dictionary);
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return new Packed(both, first.length, addresses);
  }

  private byte[] differences(
      Frame frame, List<Stretch> stretches, byte[] content, byte[] dictionary, boolean addresses) {
    byte[] differences = new byte[frame.copies().total()];
    int at = 0;
    for (Stretch stretch : stretches) {
      byte[] expected = operands.expected(dictionary, stretch, addresses);
      for (int i = 0; i < expected.length; i++) {
        differences[at++] = (byte) (content[stretch.at() + i] - expected[i]);
      }
    }
    return differences;
  }

  private static int differing(byte[] differences) {
    int count = 0;
    for (byte difference : differences) {
      count += difference == 0 ? 0 : 1;
    }
    return count;
  }

  /** Of no bytes nothing is stored. */
  private static byte[] part(byte[] plain, byte[] dictionary) {
    return plain.length == 0 ? plain : Zstandard.compressQuickly(plain, dictionary);
  }

  /**
   * The content of a frame, its members inflated.
   *
   * @param bytes what is stored of it
   * @throws DeltaException if they do not yield it
   */
  byte[] unpack(Frame frame, byte[] bytes, byte[] dictionary) throws DeltaException {
    byte[] first = Arrays.copyOf(bytes, frame.differences());
    byte[] second = Arrays.copyOfRange(bytes, frame.differences(), bytes.length);
    String name = "the frame at offset " + frame.offset();
    byte[] differences = part(name, first, frame.copies().total(), NOTHING);
    byte[] content = new byte[frame.matterLength()];
    byte[] literals = part(name, second, content.length - differences.length, dictionary);
    int at = 0;
    int done = 0;
    for (Stretch stretch : Stretch.of(frame, old, now)) {
      System.arraycopy(literals, at - done, content, at, stretch.at() - at);
      byte[] expected = operands.expected(dictionary, stretch, frame.addresses());
      for (int i = 0; i < expected.length; i++) {
        content[stretch.at() + i] = (byte) (differences[done + i] + expected[i]);
      }
      done += expected.length;
      at = stretch.at() + expected.length;
    }
    System.arraycopy(literals, at - done, content, at, content.length - at);
    return content;
  }

  private static byte[] part(String name, byte[] stored, int length, byte[] dictionary)
      throws DeltaException {
    return length == 0 && stored.length == 0
        ? stored
        : Zstandard.decompress(name, stored, length, dictionary);
  }
}
