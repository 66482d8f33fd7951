package io.strata.delta.sqdelta2;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import java.util.ArrayList;
import java.util.List;

/**
 * The compressors of a delta, loaded. For any thread.
 *
 * @param data for tiles, in the order of the header
 * @param metadata for metadata blocks
 */
record Toolbox(List<Compressor> data, List<Compressor> metadata) {

  /**
   * Loads the libraries.
   *
   * @throws CodecException if one is not on this system
   */
  static Toolbox of(List<Recompression> ways) throws CodecException {
    List<Compressor> data = new ArrayList<>();
    List<Compressor> metadata = new ArrayList<>();
    for (Recompression way : ways) {
      Compressor compressor = way.forData();
      data.add(compressor);
      metadata.add(way.sameForMetadata() ? compressor : way.forMetadata());
    }
    return new Toolbox(data, metadata);
  }

  /** The library and its version; an empty string if nothing is compressed. */
  String library() {
    return data.isEmpty() ? "" : data.getFirst().library();
  }

  /** How many bytes a compressor may need for so many. */
  static int room(int plainLength) {
    return plainLength + plainLength / 8 + 512;
  }
}
