package io.strata.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Changes the mirror directory: the state first, then the new files, then the index, and only then
 * what is no longer needed. Whatever ends it in between, an index never lists what is not there.
 */
final class Commit {
  private final PublishRequest request;
  private final Path mirror;
  private final Staging staging;
  private final BlobStore blobs;
  private final Instant now;
  private final PublishListener listener;

  Commit(
      PublishRequest request,
      Staging staging,
      BlobStore blobs,
      Instant now,
      PublishListener listener) {
    this.request = request;
    this.mirror = request.mirror();
    this.staging = staging;
    this.blobs = blobs;
    this.now = now;
    this.listener = listener;
  }

  /**
   * Publishes staged files.
   *
   * @param state of the mirror so far
   * @param index that lists them
   * @param names of the files
   * @param unlisted files that the index no longer lists
   * @return the state after that
   * @throws IOException if that can't be done; the mirror is as it was
   */
  MirrorState publish(
      MirrorState state, byte[] index, Collection<String> names, Collection<String> unlisted)
      throws IOException {
    MirrorState after = state.withUnlisted(names, now).withUnlisted(unlisted, now);
    staging.write(MirrorIndex.NAME, index);
    staging.write(MirrorState.NAME, after.bytes());
    staging.replace(MirrorState.NAME);
    staging.syncMirror();
    try {
      staging.place(names);
      staging.replace(MirrorIndex.NAME);
    } catch (IOException e) {
      takeBack(e);
      throw e;
    }
    staging.syncMirror();
    return after;
  }

  private void takeBack(IOException why) {
    try {
      staging.takeBack();
    } catch (IOException e) {
      why.addSuppressed(e); // the state names them: they go with the time
    }
  }

  /**
   * Removes files whose time since they were listed is over, and blobs that nothing links to. What
   * fails is said and left to the next publication.
   *
   * @param listed what the index lists now
   * @return the names of the files that are gone
   */
  List<String> tidy(MirrorState state, Predicate<String> listed) {
    List<String> removed = new ArrayList<>();
    try {
      MirrorState known = state.given(listed);
      List<String> expired = known.expired(now, request.retention().grace());
      for (String name : expired) {
        Path file = mirror.resolve(name);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.deleteIfExists(file)) {
          removed.add(name);
        }
      }
      remember(known.without(expired));
      blobs.collect(now);
    } catch (IOException e) {
      listener.note("what is no longer needed can't be removed now: " + e.getMessage());
    }
    return removed;
  }

  private void remember(MirrorState state) throws IOException {
    byte[] bytes = state.bytes();
    if (bytes.length == 0) {
      Files.deleteIfExists(mirror.resolve(MirrorState.NAME));
    } else if (!state.equals(MirrorState.read(mirror))) {
      staging.write(MirrorState.NAME, bytes);
      staging.replace(MirrorState.NAME);
    }
  }

  /** What is known of files that are staged or lie in the mirror. */
  Retention.Facts facts(StagedFiles staged) {
    return new Retention.Facts() {
      @Override
      public long size(String name) {
        try {
          return staged.names().contains(name)
              ? staged.digests(name).size()
              : Files.size(mirror.resolve(name));
        } catch (IOException e) {
          return 0; // listed, and not here: that is not decided here
        }
      }

      @Override
      public Instant modified(String name) {
        try {
          return Files.getLastModifiedTime(mirror.resolve(name)).toInstant();
        } catch (IOException e) {
          return now;
        }
      }
    };
  }
}
