package io.strata.sync;

import io.strata.blocks.BlockIndex;
import io.strata.blocks.Part;
import io.strata.blocks.PartDigest;
import io.strata.store.ImageStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Set;

/**
 * An image that is being put together from parts, under the name of a download that the next sync
 * may go on with. Which of its parts are there already their digests tell.
 */
final class Unfinished {
  private final Path file;

  private Unfinished(Path file) {
    this.file = file;
  }

  /**
   * That of a repository.
   *
   * @param key the SHA-512 of the block index
   */
  static Unfinished of(ImageStore store, String repository, String key) {
    return new Unfinished(store.partial(repository, Partial.word(key)));
  }

  Path file() {
    return file;
  }

  /** The parts that are in their places, by their numbers. */
  BitSet done(BlockIndex wanted) {
    BitSet done = new BitSet();
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return done;
    }
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      byte[] bytes = new byte[Part.MAX_LENGTH];
      for (int i = 0; i < wanted.parts().size(); i++) {
        Part part = wanted.parts().get(i);
        if (read(channel, part, bytes)
            && PartDigest.of(bytes, 0, part.length()).equals(part.digest())) {
          done.set(i);
        }
      }
      return done;
    } catch (IOException e) {
      return new BitSet(); // it is begun anew, and that fails in words
    }
  }

  private static boolean read(FileChannel channel, Part part, byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, part.length());
    while (rest.hasRemaining()) {
      if (channel.read(rest, part.offset() + rest.position()) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Opens it for writing; what lies there and is no file goes. */
  FileChannel open(long length) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(file);
    }
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    try {
      return channel.truncate(length);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Throws it away. */
  void discard() {
    DeltaRoute.discard(file);
  }
}
