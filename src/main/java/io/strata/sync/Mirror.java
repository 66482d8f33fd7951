package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.OptionalLong;

/** Where snapshots come from. Its files are hostile until verified. */
interface Mirror {

  /** The address of a file, for messages too. */
  URI address(String fileName);

  /**
   * Opens a file.
   *
   * @throws SyncException if the mirror can't be reached or has no such file
   */
  Body open(String fileName) throws SyncException;

  /**
   * The length of a file; empty if the mirror does not say.
   *
   * @throws SyncException if it says that there is no such file
   */
  OptionalLong length(String fileName) throws SyncException;

  /**
   * A file being read.
   *
   * @param stream whose {@code read} fails with an {@link IOException} when the mirror stalls
   * @param length bytes, as the mirror says; empty if it does not
   */
  record Body(InputStream stream, OptionalLong length) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  /** The address of a file whose name may hold any character. */
  static URI resolve(URI directory, String fileName) {
    try {
      String path = new URI(null, null, "/" + fileName, null).getRawPath();
      return new URI(directory + path.substring(1));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
