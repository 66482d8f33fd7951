package io.strata.mount;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files of /proc, which say that they are empty. */
final class Texts {
  private Texts() {}

  /** All of a file; bytes that the charset does not know become its replacement. */
  static String read(Path file, Charset charset) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readAllBytes(), charset);
    }
  }
}
