package io.strata.mount;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * One message of {@link KeyedLines} in each direction over a control socket, each ended by a NUL.
 */
final class ControlLines {
  private static final int LARGEST = 1 << 16;

  private final SocketChannel channel;

  ControlLines(SocketChannel channel) {
    this.channel = channel;
  }

  void write(KeyedLines lines) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines + "\0");
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  KeyedLines read() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LARGEST);
    while (bytes.position() == 0 || bytes.get(bytes.position() - 1) != 0) {
      if (!bytes.hasRemaining()) {
        throw new IOException("the message is longer than " + LARGEST + " bytes");
      }
      if (channel.read(bytes) < 0) {
        throw new IOException("the connection ended within a message");
      }
    }
    int length = bytes.position() - 1;
    return KeyedLines.parse(new String(bytes.array(), 0, length, StandardCharsets.UTF_8));
  }

  /** Waits until the other side closes, or its process ends. */
  void awaitEnd() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(1);
    int got = 0;
    while (got >= 0) {
      bytes.clear();
      got = channel.read(bytes);
    }
  }
}
