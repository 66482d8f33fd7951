package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Finds the image in a file that need not begin with one: behind the program of an AppImage, in an
 * initrd or a firmware, behind a shell script, in a partition of a disk.
 *
 * <p>A file that begins with the magic of an image is one, whatever its state. Otherwise every byte
 * counts as a possible beginning, from the end of the ELF program in front if there is one, else
 * from the file's second byte, {@link #REACH} bytes far. What is taken is the first place with a
 * superblock that is right in all it says, whose tables and root directory can be read: the letters
 * of the magic alone, as any program has them that knows SquashFS, are never enough.
 *
 * <p>Used by one thread.
 */
final class ImageSearch {
  /** How many bytes are searched. */
  static final long REACH = 128L << 20;

  private static final int CHUNK = 1 << 20;

  /** So many places that look like an image and are none are a trap. */
  private static final int MOST_DECOYS = 256;

  private static final int VERSION_AT = 28;
  private static final int VERSION_4_0 = Superblock.SQUASHFS_MAJOR;

  private final ImageFile file;
  private final NativeBuffer chunk = NativeBuffer.allocate(CHUNK + Superblock.SIZE);
  private final byte[] bytes = new byte[CHUNK + Superblock.SIZE];

  private ImageSearch(ImageFile file) {
    this.file = file;
  }

  /** Opens what may be an image. */
  interface Opener {
    /**
     * Opens it.
     *
     * @throws CorruptImageException if it is none
     */
    SquashFsImage open(ImageFile candidate) throws IOException;
  }

  /**
   * Opens the image in {@code file}.
   *
   * @throws CorruptImageException if there is none, or if the one there is can't be opened
   */
  static SquashFsImage open(ImageFile file, Opener opener) throws IOException {
    if (beginsAt(file, 0)) {
      return opener.open(file);
    }
    if (file.size() == 0) {
      String problem = Superblock.NO_IMAGE + ": the file is empty";
      throw file.refused(0, problem, "fetch or build the image again");
    }
    return new ImageSearch(file).run(opener);
  }

  /**
   * Opens the image that is said to begin at {@code offset}.
   *
   * @throws CorruptImageException if none does, saying where one is, or if it can't be opened
   */
  static SquashFsImage openAt(ImageFile file, long offset, Opener opener) throws IOException {
    if (offset > 0 && (offset >= file.size() || !beginsAt(file, offset))) {
      throw nothingAt(file, offset, opener);
    }
    return opener.open(file.from(offset));
  }

  private static boolean beginsAt(ImageFile file, long offset) throws IOException {
    NativeBuffer magic = NativeBuffer.allocate(Integer.BYTES);
    int got = file.readUpTo(offset, Integer.BYTES, magic, 0);
    return got == Integer.BYTES && magic.bytes().getInt(0) == Superblock.SQUASHFS_MAGIC;
  }

  private static CorruptImageException nothingAt(ImageFile file, long offset, Opener opener)
      throws IOException {
    String problem =
        offset < file.size()
            ? "no SquashFS image begins here"
            : "the file ends before, at byte " + file.size();
    String advice = "name the byte where one begins";
    try {
      long found = open(file, opener).offset();
      advice = "give offset " + found + ", where one begins, or none to have it found";
    } catch (CorruptImageException e) {
      // There is none to point at.
    }
    return file.from(offset).refused(0, problem, advice);
  }

  private SquashFsImage run(Opener opener) throws IOException {
    OptionalLong program = ElfProgram.endIn(file);
    long from = program.orElse(1);
    long end = Math.min(file.size() - Superblock.SIZE + 1, from + REACH);
    CorruptImageException first = null;
    long at = find(from, end);
    for (int decoys = 0; at >= 0 && decoys < MOST_DECOYS; decoys++) {
      try {
        return opener.open(file.from(at));
      } catch (CorruptImageException e) {
        first = first == null ? e : first;
      }
      at = find(at + 1, end);
    }
    throw first != null ? first : none(program, opener);
  }

  private CorruptImageException none(OptionalLong program, Opener opener) throws IOException {
    try {
      opener.open(file);
    } catch (CorruptImageException e) {
      if (!e.problem().equals(Superblock.NO_IMAGE)) {
        return e; // it is known what it is instead
      }
    }
    String where =
        program.isPresent()
            ? "behind the program that ends at byte " + program.getAsLong() + ", in"
            : "in";
    return file.refused(
        0,
        "%s, and none begins %s the next %d MiB".formatted(Superblock.NO_IMAGE, where, REACH >> 20),
        "name one, such as mksquashfs makes, or give the offset in the file where it begins");
  }

  /** The next position of a magic with the version behind it, before {@code end}; or -1. */
  private long find(long from, long end) throws IOException {
    long at = from;
    while (at < end) {
      int length = file.readUpTo(at, bytes.length, chunk, 0);
      chunk.bytes().get(0, bytes, 0, length);
      int starts = (int) Math.min(length - Superblock.SIZE + 1, end - at);
      int found = findInChunk(starts);
      if (found >= 0) {
        return at + found;
      }
      if (starts <= 0) {
        return -1;
      }
      at += starts;
    }
    return -1;
  }

  private int findInChunk(int starts) {
    for (int i = 0; i < starts; i++) {
      if (bytes[i] == 'h' && bytes[i + 1] == 's' && bytes[i + 2] == 'q' && bytes[i + 3] == 's') {
        if (chunk.bytes().getInt(i + VERSION_AT) == VERSION_4_0) {
          return i;
        }
      }
    }
    return -1;
  }
}
