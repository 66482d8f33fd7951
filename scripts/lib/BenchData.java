import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Makes what scripts/bench measures with, the same bytes on every machine.
 *
 * <pre>
 *   java BenchData.java tree DIR DIRECTORIES   a package repository: three small text files in each
 *   java BenchData.java file FILE MEBIBYTES    a file that compresses about 2:1, no block as another
 * </pre>
 */
final class BenchData {
  private static final int WORDS = 6000;
  private static final int WORDS_PER_LINE = 11;

  private final SplittableRandom random = new SplittableRandom(20260630);
  private final byte[][] words = new byte[WORDS][];

  private BenchData() {
    String letters = "etaoinshrdlucmfwypvbgkjqxz";
    for (int i = 0; i < WORDS; i++) {
      byte[] word = new byte[2 + random.nextInt(5) + random.nextInt(6)];
      for (int j = 0; j < word.length; j++) {
        word[j] = (byte) letters.charAt(skewed(letters.length()));
      }
      words[i] = word;
    }
  }

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[1]);
    int size = Integer.parseInt(arguments[2]);
    if (arguments[0].equals("tree")) {
      new BenchData().writeTree(target, size);
    } else {
      new BenchData().writeFile(target, (long) size << 20);
    }
  }

  /** Numbers from 0 to limit - 1, small ones much more often: words are used like that. */
  private int skewed(int limit) {
    double uniform = random.nextDouble();
    return (int) (limit * uniform * uniform * uniform);
  }

  private void writeTree(Path root, int directories) throws IOException {
    int made = 0;
    for (int category = 0; made < directories; category++) {
      Path shelf = root.resolve("category-%03d".formatted(category));
      Files.createDirectories(shelf);
      made++;
      int packages = Math.min(8 + random.nextInt(22), directories - made);
      for (int i = 0; i < packages; i++, made++) {
        writePackage(shelf.resolve(word() + "-" + word() + "-" + i));
      }
    }
  }

  private void writePackage(Path directory) throws IOException {
    Files.createDirectory(directory);
    String name = directory.getFileName().toString();
    writeText(directory.resolve(name + "-" + random.nextInt(20) + ".ebuild"), smallSize());
    writeText(directory.resolve("metadata.xml"), 200 + random.nextInt(800));
    // One in 60 is a list of digests or a patch, tens of kilobytes long.
    int size = random.nextInt(60) == 0 ? 20_000 + random.nextInt(180_000) : smallSize();
    writeText(directory.resolve("Manifest"), size);
  }

  private int smallSize() {
    return 200 + skewed(7800);
  }

  private void writeText(Path file, int size) throws IOException {
    byte[] text = new byte[size];
    fillText(text, 0, size);
    Files.write(file, text);
  }

  private String word() {
    return new String(words[random.nextInt(WORDS)], StandardCharsets.US_ASCII);
  }

  /** Stretches of text, of records and of what is compressed already, as in a disk image. */
  private void writeFile(Path file, long size) throws IOException {
    byte[] stretch = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long done = 0; done < size; done += stretch.length) {
        switch (random.nextInt(10)) {
          case 0, 1, 2, 3, 4, 5 -> fillText(stretch, 0, stretch.length);
          case 6, 7 -> fillRecords(stretch);
          default -> random.nextBytes(stretch);
        }
        out.write(stretch);
      }
    }
  }

  private void fillText(byte[] target, int from, int end) {
    int at = from;
    int inLine = 0;
    while (at < end) {
      byte[] word = words[skewed(WORDS)];
      int length = Math.min(word.length, end - at);
      System.arraycopy(word, 0, target, at, length);
      at += length;
      if (at < end) {
        inLine = inLine == WORDS_PER_LINE ? 0 : inLine + 1;
        target[at] = (byte) (inLine == 0 ? '\n' : ' ');
        at++;
      }
    }
  }

  /** 32 bytes each: a number that counts, a small one, a hash of 8 bytes, flags that are mostly 0. */
  private void fillRecords(byte[] target) {
    long count = random.nextInt(1 << 30);
    for (int at = 0; at < target.length; at += 32) {
      count += 1 + random.nextInt(4);
      putLong(target, at, count);
      putLong(target, at + 8, skewed(1 << 12));
      putLong(target, at + 16, random.nextLong());
      putLong(target, at + 24, random.nextInt(8) == 0 ? random.nextInt() : 0);
    }
  }

  private static void putLong(byte[] target, int at, long value) {
    for (int i = 0; i < 8; i++) {
      target[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
