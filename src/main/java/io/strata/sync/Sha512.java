package io.strata.sync;

import io.strata.digest.Sha2;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/** The digest that an index lists: 128 lower-case hexadecimal digits. */
final class Sha512 {
  private Sha512() {}

  /** The digest of what is in memory. */
  static String of(byte[] content) {
    return Sha2.SHA_512.hex(content);
  }

  /** The digest of a whole file. */
  static String of(Path file, ByteProgress progress) throws IOException {
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long total = in.size();
      return HexFormat.of().formatHex(Sha2.SHA_512.of(in, done -> progress.at(done, total)));
    }
  }
}
