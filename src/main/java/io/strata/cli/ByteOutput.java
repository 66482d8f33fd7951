package io.strata.cli;

import io.strata.squashfs.tree.ImagePath;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard output for bytes: as they are for scripts; on a terminal without anything that could
 * steer it.
 */
final class ByteOutput implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final PrintStream out;
  private final OutputStream buffered;
  private final boolean terminal;

  ByteOutput(PrintStream out, boolean terminal) {
    this.out = out;
    this.buffered = new BufferedOutputStream(out, BUFFER);
    this.terminal = terminal;
  }

  static ByteOutput standard() {
    return new ByteOutput(System.out, isTerminal());
  }

  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Writes a name: raw for scripts, made harmless for a terminal. */
  ByteOutput name(byte[] name) throws IOException {
    buffered.write(terminal ? harmless(name) : name);
    return this;
  }

  ByteOutput text(String text) throws IOException {
    buffered.write(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Writes data as it is, wherever it goes. */
  void data(byte[] bytes, int count) throws IOException {
    buffered.write(bytes, 0, count);
    check();
  }

  /** Names in UTF-8 without control characters stay; of others, the bytes are shown. */
  private static byte[] harmless(byte[] name) {
    String text = new String(name, StandardCharsets.UTF_8);
    boolean plain = text.chars().noneMatch(c -> Character.isISOControl(c) || c == 0xfffd);
    return plain ? name : ImagePath.show(name).getBytes(StandardCharsets.US_ASCII);
  }

  private void check() throws IOException {
    if (out.checkError()) {
      throw new IOException("standard output: can't write; it is closed, or its disk is full");
    }
  }

  /** Writes out what is buffered; the stream itself stays open. */
  @Override
  public void close() throws IOException {
    buffered.flush();
    check();
  }
}
