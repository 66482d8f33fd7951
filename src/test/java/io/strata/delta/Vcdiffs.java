package io.strata.delta;

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
    try (FileChannel channel = FileChannel.open(file)) {
      PatchInput in = new PatchInput(channel, 0);
      PatchIndex index = PatchIndex.read(in);
      VcdiffDecoder decoder = new VcdiffDecoder(in, index, new Memory(source));
      byte[] output = new byte[Math.toIntExact(index.targetLength())];
      for (int window = index.windows() - 1; window >= 0; window--) { // in any order
        byte[] part = new byte[index.length(window)];
        decoder.decode(window, part);
        System.arraycopy(part, 0, output, (int) index.start(window), part.length);
      }
      return output;
    }
  }

  /** Bytes in memory, checked as a file is. */
  record Memory(byte[] bytes) implements RandomBytes {
    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void read(long offset, byte[] target, int at, int length) {
      ByteBuffer.wrap(bytes).get(Math.toIntExact(offset), target, at, length);
    }
  }
}
