package io.strata.squashfs;

import io.strata.squashfs.ImageBuilder.Entry;
import io.strata.squashfs.ImageBuilder.IndexEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Images that are made to break whoever reads them. Each holds a file {@code good} as well. */
public final class HostileImages {
  /** What {@code good} holds. */
  public static final String GOOD = "all is well";

  private static final int D = ImageBuilder.DIRECTORY;
  private static final int F = ImageBuilder.FILE;

  private HostileImages() {}

  private static Entry good(ImageBuilder image, int number) {
    int fragment = image.fragment(GOOD.getBytes(StandardCharsets.US_ASCII));
    return new Entry("good", F, image.small(number, fragment, 0, GOOD.length()), number);
  }

  /** Directories in two places each, so that paths double with each of 60 levels. */
  public static byte[] doubling() {
    ImageBuilder image = new ImageBuilder();
    int levels = 60;
    int count = levels + 2;
    Entry good = good(image, count);
    long[] directories = new long[levels + 1];
    for (int i = 0; i <= levels; i++) {
      directories[i] = image.directory(i + 1, Math.max(i, 1));
    }
    for (int i = 0; i < levels; i++) {
      Entry a = new Entry("a", D, directories[i + 1], i + 2);
      Entry b = new Entry("b", D, directories[i + 1], i + 2);
      if (i == 0) {
        image.list(directories[i], a, b, good);
      } else {
        image.list(directories[i], a, b);
      }
    }
    image.root(directories[0]);
    return image.build();
  }

  /** As {@link #doubling}, but the two names are in two directories of the same inode number. */
  public static byte[] doublingByNumber() {
    ImageBuilder image = new ImageBuilder();
    int levels = 60;
    Entry good = good(image, 2 * levels + 2);
    long[] joints = new long[levels + 1];
    for (int i = 0; i <= levels; i++) {
      joints[i] = image.directory(2 * i + 1, Math.max(2 * i, 1));
    }
    for (int i = 0; i < levels; i++) {
      int number = 2 * i + 2;
      long a = image.directory(number, 2 * i + 1);
      long b = image.directory(number, 2 * i + 1);
      image.list(a, new Entry("x", D, joints[i + 1], 2 * i + 3));
      image.list(b, new Entry("x", D, joints[i + 1], 2 * i + 3));
      Entry entryA = new Entry("a", D, a, number);
      Entry entryB = new Entry("b", D, b, number);
      if (i == 0) {
        image.list(joints[i], entryA, entryB, good);
      } else {
        image.list(joints[i], entryA, entryB);
      }
    }
    image.root(joints[0]);
    return image.build();
  }

  /** A directory three levels down holds the one two above it, with all numbers right. */
  public static byte[] loop() {
    ImageBuilder image = new ImageBuilder();
    Entry good = good(image, 5);
    long root = image.directory(1, 6);
    long a = image.directory(2, 1);
    long b = image.directory(3, 2);
    long c = image.directory(4, 3);
    image.list(root, new Entry("a", D, a, 2), good);
    image.list(a, new Entry("b", D, b, 3));
    image.list(b, new Entry("c", D, c, 4));
    image.list(c, new Entry("back", D, a, 2), new Entry("root", D, root, 1));
    image.root(root);
    return image.build();
  }

  /**
   * A loop of two directories, {@code b} and {@code c}, into which {@code a} leads: it has the
   * number of {@code c}, so what each says of its parent is right.
   *
   * @param export there is an export table, which is right but for {@code a}
   */
  public static byte[] loopByNumber(boolean export) {
    ImageBuilder image = new ImageBuilder();
    Entry good = good(image, 4);
    long root = image.directory(1, 5);
    long a = image.directory(2, 1);
    long b = image.directory(3, 2);
    long c = image.directory(2, 3);
    image.list(root, new Entry("a", D, a, 2), good);
    image.list(a, new Entry("b", D, b, 3));
    image.list(b, new Entry("c", D, c, 2));
    image.list(c, new Entry("b", D, b, 3));
    image.root(root);
    if (export) {
      image.exports(root, c, b, good.reference());
    }
    return image.build();
  }

  /** A sound image: a file with the longest name that the format allows, {@code n...n}. */
  public static byte[] longestName() {
    ImageBuilder image = new ImageBuilder();
    Entry good = good(image, 2);
    long root = image.directory(1, 3);
    String name = "n".repeat(DirectoryCursor.SQUASHFS_NAME_LEN);
    image.list(root, good, new Entry(name, F, good.reference(), 2));
    image.root(root);
    return image.build();
  }

  /** One directory in the other, {@code levels} times. */
  public static byte[] deep(int levels) {
    ImageBuilder image = new ImageBuilder();
    Entry good = good(image, levels + 1);
    long[] directories = new long[levels];
    for (int i = 0; i < levels; i++) {
      directories[i] = image.directory(i + 1, Math.max(i, 1));
    }
    for (int i = 0; i + 1 < levels; i++) {
      Entry down = new Entry("d", D, directories[i + 1], i + 2);
      if (i == 0) {
        image.list(directories[i], down, good);
      } else {
        image.list(directories[i], down);
      }
    }
    image.root(directories[0]);
    return image.build();
  }

  /** The file {@code bomb} of 2^60 bytes, in blocks of 1 MiB, whose list the image can't hold. */
  public static byte[] hugeFile() {
    ImageBuilder image = new ImageBuilder(true).blockLog(20);
    return aroundBomb(image, image.extended(2, 96, 1L << 60), 0);
  }

  /**
   * The file {@code bomb} with a list of {@code blocks} holes, which compress to next to nothing.
   */
  public static byte[] holes(long blocks) {
    ImageBuilder image = new ImageBuilder(true).blockLog(20);
    return aroundBomb(image, image.extended(2, 96, blocks << 20), blocks);
  }

  private static byte[] aroundBomb(ImageBuilder image, long bomb, long words) {
    for (long i = 0; i < words; i++) {
      image.inodes.u32(0);
    }
    // What is patched later must not be compressed yet: the listing comes first.
    Entry good = good(image, 3);
    long listing = image.directories.reference();
    Entry[] entries = {new Entry("bomb", F, bomb, 2), good};
    long length = 0;
    for (Entry entry : entries) {
      image.directories.u32(0).u32(entry.reference() >>> 16).u32(entry.number());
      image.directories.u16((int) entry.reference()).u16(0).u16(F);
      image.directories.u16(entry.name().length() - 1).text(entry.name());
      length += ImageBuilder.lengthOf(entry);
    }
    long root = image.inodes.reference();
    image.inodes.u16(D).u16(0755).u16(0).u16(0).u32(0).u32(1);
    image
        .inodes
        .u32(listing >>> 16)
        .u32(2)
        .u16((int) length + 3)
        .u16((int) listing & 0xffff)
        .u32(4);
    image.root(root);
    return image.build();
  }

  /** Many files {@code f00000} and so on, each with the same endless list of holes. */
  public static byte[] manyLists(int files, long blocks) {
    ImageBuilder image = new ImageBuilder().blockLog(20);
    Entry good = good(image, 2);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      // The list of each begins with the inodes of those behind it, whose words are no holes.
      long file = image.extended(i + 3, 96, blocks << 20);
      entries.add(new Entry("f%05d".formatted(i), F, file, i + 3));
    }
    for (long i = 0; i < blocks; i++) {
      image.inodes.u32(0);
    }
    entries.add(good);
    long root = image.indexedDirectory(1, 1);
    image.list(root, entries.toArray(new Entry[0]));
    image.root(root);
    return image.build();
  }

  /**
   * Two directories with the same names; the index of the first, {@code one}, is {@code index} or,
   * for a name, leads to that place.
   *
   * @param kind right, other (into the listing of {@code two}), nowhere, beyond, inside (a run),
   *     names (out of order), order (of positions)
   */
  public static byte[] index(String kind) {
    ImageBuilder image = new ImageBuilder();
    Entry good = good(image, 3);
    int files = 1000;
    List<Entry> ones = new ArrayList<>();
    List<Entry> twos = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      String name = "f%04d".formatted(i);
      int first = 10 + 2 * i;
      ones.add(new Entry(name, F, image.small(first, 0, 0, 3), first));
      twos.add(new Entry(name, F, image.small(first + 1, 0, 3, 3), first + 1));
    }
    int length = ImageBuilder.lengthOf(ones.getFirst()); // 25
    long blockLength = 8194;
    // The first run in the second block of a listing that begins at offset 0.
    int run = 8192 / length + 1; // begins in block 1
    long position = (long) run * length;
    String name = "f%04d".formatted(run);
    IndexEntry right = new IndexEntry(position, blockLength, name);
    IndexEntry[] index =
        switch (kind) {
          case "right" -> new IndexEntry[] {right};
          case "other" -> new IndexEntry[] {new IndexEntry(position, 5 * blockLength, name)};
          case "nowhere" -> new IndexEntry[] {new IndexEntry(position, 1 << 30, name)};
          case "beyond" -> new IndexEntry[] {new IndexEntry(1 << 20, blockLength, name)};
          case "inside" -> new IndexEntry[] {new IndexEntry(position + 3, blockLength, name)};
          case "names" -> new IndexEntry[] {new IndexEntry(position, blockLength, "f0001")};
          case "late" -> new IndexEntry[] {new IndexEntry(position, blockLength, "f0999")};
          case "order" -> new IndexEntry[] {right, new IndexEntry(length, 0, "f0001")};
          default -> throw new IllegalArgumentException(kind);
        };
    long one = image.indexedDirectory(4, 1, index);
    long two = image.indexedDirectory(5, 1);
    image.list(one, ones.toArray(new Entry[0]));
    while (image.directories.length() < 4 * 8192) {
      image.directories.u8(0); // so that the second listing begins at offset 0 too
    }
    image.list(two, twos.toArray(new Entry[0]));
    long root = image.directory(1, 6);
    image.list(root, good, new Entry("one", D, one, 4), new Entry("two", D, two, 5));
    image.root(root);
    return image.build();
  }

  /** A sound image, of a directory of few entries with long names, which has an index. */
  public static byte[] smallIndex() {
    ImageBuilder image = new ImageBuilder();
    Entry good = good(image, 3);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String name = "%02d".formatted(i) + "n".repeat(198);
      entries.add(new Entry(name, F, good.reference(), 3));
    }
    int length = ImageBuilder.lengthOf(entries.getFirst()); // 220
    int run = 8192 / length + 1;
    IndexEntry index = new IndexEntry((long) run * length, 8194, entries.get(run).name());
    long large = image.indexedDirectory(4, 1, index);
    image.list(large, entries.toArray(new Entry[0]));
    long root = image.directory(1, 5);
    image.list(root, good, new Entry("large", D, large, 4));
    image.root(root);
    return image.build();
  }

  /** The file {@code bomb} has one block with these bytes in it, said to be compressed. */
  public static byte[] block(int compression, byte[] stored) {
    ImageBuilder image = new ImageBuilder().compression(compression).blockLog(17);
    Entry good = good(image, 3);
    long position = image.data(stored);
    long bomb = image.file(2, position, 1 << 17, stored.length);
    long root = image.directory(1, 4);
    image.list(root, new Entry("bomb", F, bomb, 2), good);
    image.root(root);
    return image.build();
  }
}
