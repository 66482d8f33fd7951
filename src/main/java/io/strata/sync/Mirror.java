package io.strata.sync;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.OptionalLong;

/** Where snapshots come from. Its files are hostile until verified. */
interface Mirror {

  /** The address of a file, for messages too. */
  URI address(String fileName);

  /**
   * Opens a file, or the rest of one of which the beginning is here. A mirror that can't give the
   * rest gives the whole.
   *
   * @throws MirrorException if the mirror can't be reached or has no such file
   */
  Body open(String fileName, Resume resume) throws MirrorException;

  /**
   * What the mirror says of a file, without retries; all is empty where it says nothing.
   *
   * @throws MirrorException if it says that there is no such file
   */
  RemoteFile look(String fileName) throws MirrorException;

  /** Whether it may give parts of files, as far as it was asked. */
  boolean givesParts();

  /**
   * Opens a part of a file.
   *
   * @param count bytes, 1 or more; the stream may still end before, or have more
   * @param whole the length of the file
   * @throws MirrorException if the mirror does not give it, or gives something else
   */
  Body part(String fileName, long from, long count, long whole) throws MirrorException;

  /** Asks for whole files from now on: parts of them did not fit together. */
  void distrustParts();

  /** How often what failed is tried again. */
  Retries retries();

  /**
   * What of a file is here already.
   *
   * @param from how many bytes
   * @param validator of the file they are of; empty if this mirror told none
   */
  record Resume(long from, Optional<String> validator) {
    /** Nothing. */
    static final Resume NOTHING = new Resume(0, Optional.empty());
  }

  /**
   * A file being read.
   *
   * @param stream whose {@code read} fails with an {@link IOException} when the mirror stalls
   * @param from the offset in the file of the stream's first byte
   * @param length of the whole file in bytes, as the mirror says; empty if it does not
   * @param validator to resume with; empty if there is none
   * @param inParts whether it is not all from one answer, so that another file may be in it
   * @param remark what the mirror did wrong without harm
   */
  record Body(
      InputStream stream,
      long from,
      OptionalLong length,
      Optional<String> validator,
      boolean inParts,
      Optional<String> remark)
      implements AutoCloseable {
    Body remarking(String words) {
      return new Body(stream, from, length, validator, inParts, Optional.of(words));
    }

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
