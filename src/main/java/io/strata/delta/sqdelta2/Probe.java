package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import io.strata.delta.DeltaException;
import io.strata.delta.RecompressionException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Tries a compressor on a tile of the source, which has to come back as it is stored there. */
final class Probe {
  private final ImageModel source;
  private final Toolbox toolbox;

  Probe(ImageModel source, Toolbox toolbox) {
    this.source = source;
    this.toolbox = toolbox;
  }

  /** A tile that comes back, out of the first ones that are compressed; -1 if there is none. */
  int find(int tries) throws IOException {
    int left = toolbox.data().isEmpty() ? 0 : tries;
    for (int i = 0; i < source.tiles().size() && left > 0; i++) {
      if (!source.tiles().get(i).uncompressed()) {
        left--;
        if (comesBack(i)) {
          return i;
        }
      }
    }
    return -1;
  }

  /**
   * Checks the tile that a delta names.
   *
   * @throws RecompressionException if it does not come back
   */
  void check(Header header) throws IOException, DeltaException {
    if (header.probe() >= source.tiles().size()) {
      throw new DeltaException("probes tile " + header.probe() + ", which the source lacks");
    }
    if (header.probe() >= 0 && !comesBack(header.probe())) {
      String library = toolbox.library();
      String message =
          "%s compresses a block of the source to something else than the image holds. The delta"
              + " was made with %s: install that, or fetch the image";
      throw new RecompressionException(
          message.formatted(library, header.library()), header.probe(), library);
    }
  }

  private boolean comesBack(int number) throws IOException {
    Tile tile = source.tiles().get(number);
    BlockReader reader = source.reader();
    Compressor compressor = toolbox.data().getFirst();
    try {
      int most = Math.max(source.superblock().blockSize(), tile.length());
      ByteBuffer plain = reader.plain(tile.offset(), tile.length(), tile.uncompressed(), most);
      ByteBuffer again = ByteBuffer.allocateDirect(Toolbox.room(plain.limit()));
      int n = compressor.compress(plain, 0, plain.limit(), again, 0, again.capacity());
      ByteBuffer stored = source.reader().stored(tile.offset(), tile.length());
      return again.limit(n).equals(stored);
    } catch (CodecException | DeltaException _) {
      return false;
    }
  }
}
