package io.strata.delta;

import io.strata.codec.CodecException;
import io.strata.codec.Compression;
import io.strata.codec.Decompressor;
import io.strata.codec.Decompressors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open image, for the search for its blocks. Its decompressor may be used by any thread. */
final class ImageFile implements AutoCloseable {
  private final FileChannel channel;
  private final Superblock superblock;
  private final Decompressor decompressor;
  private final BlockFile blocks;

  private ImageFile(FileChannel channel, Superblock superblock, Decompressor decompressor) {
    this.channel = channel;
    this.superblock = superblock;
    this.decompressor = decompressor;
    this.blocks = new BlockFile(channel, decompressor);
  }

  static ImageFile open(Path path) throws IOException, DeltaException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      if (channel.size() > DeltaApplier.MAX_IMAGE) {
        throw new DeltaException("is over 4 GiB, which .sqdelta can't address");
      }
      if (channel.size() < Superblock.SIZE) {
        throw new DeltaException("not a SquashFS image");
      }
      Superblock superblock = Superblock.read(bytes(channel, 0, Superblock.SIZE), channel.size());
      Compression compression = Compression.ofId(superblock.compression());
      return new ImageFile(channel, superblock, Decompressors.of(compression));
    } catch (CodecException e) {
      channel.close();
      throw new DeltaException("the superblock has an " + e.getMessage(), e);
    } catch (IOException | DeltaException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  Superblock superblock() {
    return superblock;
  }

  FileChannel channel() {
    return channel;
  }

  Decompressor decompressor() {
    return decompressor;
  }

  /** For the thread that opened the image. */
  BlockFile blocks() {
    return blocks;
  }

  long length() throws IOException {
    return channel.size();
  }

  /** Bytes of the image, little-endian, from index 0 on; the range must be inside. */
  ByteBuffer bytes(long offset, int length) throws IOException, DeltaException {
    if (offset < 0 || offset > channel.size() - length) {
      throw new DeltaException("ends before offset " + offset + " and " + length + " bytes");
    }
    return bytes(channel, offset, length);
  }

  private static ByteBuffer bytes(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    BlockFile.readFully(channel, offset, bytes);
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
