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
      SqdeltaHeader header = SqdeltaHeader.read(bytes(channel, 0, SqdeltaHeader.SIZE), 0);
      int listLength = header.blockCount() * BlockList.ENTRY_SIZE;
      ByteBuffer list = bytes(channel, SqdeltaHeader.SIZE, listLength);
      return new SqdeltaFile(channel, header, BlockList.read(list, 0, header.blockCount()));
    } catch (IOException | DeltaException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  private static ByteBuffer bytes(FileChannel channel, long offset, int length)
      throws IOException, DeltaException {
    if (offset + length > channel.size()) {
      throw new DeltaException(
          "is cut off: has "
              + channel.size()
              + " bytes, its header and block list need "
              + (offset + length));
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    BlockFile.readFully(channel, offset, bytes);
    return bytes.flip();
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
