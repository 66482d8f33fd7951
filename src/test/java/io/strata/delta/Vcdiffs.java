package io.strata.delta;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Decodes patches for the tests, from memory to memory. */
final class Vcdiffs {
  private Vcdiffs() {}

  /** Bytes from hexadecimal, without white space and comments. */
  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("#[^\n]*\n|\\s", ""));
  }

  static byte[] decode(byte[] source, byte[] patch, Path directory)
      throws IOException, DeltaException {
    Path file = Files.write(directory.resolve("patch"), patch);
    Memory output = new Memory();
    try (FileChannel channel = FileChannel.open(file)) {
      Memory input = new Memory();
      input.append(source, source.length);
      new VcdiffDecoder(new PatchInput(channel, 0), input, output).decode(1, ProgressListener.NONE);
    }
    return output.bytes.toByteArray();
  }

  /** Bytes in memory, checked as a file is. */
  private static final class Memory implements VcdiffDecoder.Output {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void append(byte[] from, int length) {
      bytes.write(from, 0, length);
    }

    @Override
    public long length() {
      return bytes.size();
    }

    @Override
    public void read(long offset, byte[] target, int at, int length) {
      ByteBuffer.wrap(bytes.toByteArray()).get(Math.toIntExact(offset), target, at, length);
    }
  }
}
