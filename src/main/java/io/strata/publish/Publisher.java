package io.strata.publish;

import io.strata.posix.Posix;
import io.strata.trust.IndexException;
import io.strata.trust.IndexSigner;
import io.strata.trust.KeyException;
import io.strata.trust.UntrustedIndexException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Publishes snapshots. Keeps nothing between calls. */
public final class Publisher {
  private final Posix posix;
  private final Clock clock;
  private final List<DeltaFormat> formats;

  /** A publisher; the clock says when something was made or listed no longer. */
  public Publisher(Posix posix, Clock clock) {
    this(posix, clock, List.of(new SqdeltaFormat("xdelta3"), new Sqdelta2Format()));
  }

  /** A publisher that makes each delta in each of these formats. */
  Publisher(Posix posix, Clock clock, List<DeltaFormat> formats) {
    this.posix = posix;
    this.clock = clock;
    this.formats = List.copyOf(formats);
  }

  /**
   * Publishes a tree; at the end the mirror lists it, and everything is on disk.
   *
   * @throws MirrorBusyException if another publication into this directory is under way
   * @throws PublishException if it can't be published; the mirror is as it was
   * @throws KeyException if the key can't sign
   * @throws IndexException if the mirror's index is malformed
   * @throws UntrustedIndexException if the mirror's index is signed by another key
   * @throws IOException if a file can't be read or written; the mirror is as it was
   */
  public Publication publish(PublishRequest request, PublishListener listener)
      throws IOException,
          PublishException,
          KeyException,
          IndexException,
          UntrustedIndexException,
          InterruptedException {
    checkPlaces(request);
    Optional<IndexSigner> signer = request.signing().signer();
    try (MirrorLock _ = MirrorLock.take(posix, request.mirror());
        Staging staging = Staging.open(request.mirror())) {
      MirrorIndex index = MirrorIndex.read(request.mirror(), signer, request.oldKey());
      index.tryKey();
      return new PublishRun(request, index, staging, formats, clock, listener).run();
    }
  }

  private static void checkPlaces(PublishRequest request) throws IOException, PublishException {
    if (!Files.isDirectory(request.tree())) {
      throw Files.exists(request.tree())
          ? new PublishException(request.tree() + ": not a directory, so no tree to publish")
          : new PublishException(request.tree() + ": no such directory");
    }
    if (Files.exists(request.mirror()) && !Files.isDirectory(request.mirror())) {
      throw new NotDirectoryException(request.mirror().toString());
    }
    Files.createDirectories(request.mirror());
    if (request.mirror().toRealPath().startsWith(request.tree().toRealPath())) {
      throw new PublishException(
          request.mirror() + " lies in " + request.tree() + " and would become part of the image");
    }
  }
}
