package io.strata.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open delta: its header and list, and where its patch starts. */
final class SqdeltaFile implements AutoCloseable {
  private final FileChannel channel;
  private final SqdeltaHeader header;
  private final BlockList blocks;

  private SqdeltaFile(FileChannel channel, SqdeltaHeader header, BlockList blocks) {
    this.channel = channel;
    this.header = header;
    this.blocks = blocks;
  }

  /** Opens a delta and reads its header and list; the list is not checked against an image yet. */
  static SqdeltaFile open(Path path) throws IOException, DeltaException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      SqdeltaHeader header = SqdeltaHeader.read(head(channel), 0);
      checkLength(channel, header.lengthWithList());
      RandomBytes file = new Bytes(channel);
      BlockList blocks = BlockList.read(file, SqdeltaHeader.SIZE, header.blockCount());
      return new SqdeltaFile(channel, header, blocks);
    } catch (IOException | DeltaException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static ByteBuffer head(FileChannel channel) throws IOException, DeltaException {
    checkLength(channel, SqdeltaHeader.SIZE);
    ByteBuffer bytes = ByteBuffer.allocate(SqdeltaHeader.SIZE);
    BlockFile.readFully(channel, 0, bytes);
    return bytes.flip();
  }

  private static void checkLength(FileChannel channel, int length)
      throws IOException, DeltaException {
    if (length > channel.size()) {
      throw new DeltaException(
          "is cut off: has " + channel.size() + " bytes, its header and block list need " + length);
    }
  }

  /** What stands in a file. */
  private record Bytes(FileChannel channel) implements RandomBytes {
    @Override
    public long length() {
      return Long.MAX_VALUE; // whoever reads has checked
    }

    @Override
    public void read(long offset, byte[] target, int at, int length) throws IOException {
      BlockFile.readFully(channel, offset, ByteBuffer.wrap(target, at, length));
    }
  }

  SqdeltaHeader header() {
    return header;
  }

  BlockList blocks() {
    return blocks;
  }

  long length() throws IOException {
    return channel.size();
  }

  /** Reads the patch from its start. */
  PatchInput patch() throws IOException {
    return new PatchInput(channel, header.lengthWithList());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
