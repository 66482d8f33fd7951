package io.strata.sync;

import io.strata.store.FileStamp;
import io.strata.store.ImageRecord;
import io.strata.store.ImageStore;
import io.strata.store.RepositoryState;
import io.strata.store.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Looks whether images here are what they should be. A digest is computed once for each time that a
 * file was written: afterwards size, time and inode tell that it is the same.
 */
final class Images {
  private final ImageStore store;
  private final boolean anew;
  private final SyncListener listener;

  /** Looks; {@code anew} also where stamps say that it was done. */
  Images(ImageStore store, boolean anew, SyncListener listener) {
    this.store = store;
    this.anew = anew;
    this.listener = listener;
  }

  /**
   * Verifies an image.
   *
   * @param right the digests of which it must have one
   * @return what to remember of it; empty if it is not there, or another
   */
  Optional<ImageRecord> verify(Snapshot snapshot, RepositoryState state, Set<String> right)
      throws SyncException {
    Path image = store.image(snapshot);
    if (!Files.isRegularFile(image, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      FileStamp stamp = FileStamp.of(image);
      ImageRecord known = state.images().get(snapshot.version());
      if (!anew && known != null && known.stamp().equals(stamp) && right.contains(known.sha512())) {
        return Optional.of(known);
      }
      String phase = "verifying " + snapshot.imageName();
      String digest = Sha512.of(image, (done, total) -> listener.progress(phase, done, total));
      return right.contains(digest) && FileStamp.of(image).equals(stamp)
          ? Optional.of(new ImageRecord(snapshot.version(), digest, stamp))
          : Optional.empty();
    } catch (IOException e) {
      listener.warning(image + ": cannot read it: " + e.getMessage());
      return Optional.empty();
    }
  }
}
