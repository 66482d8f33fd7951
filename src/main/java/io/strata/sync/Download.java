package io.strata.sync;

import io.strata.store.LockedRepository;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.OptionalLong;

/** Brings one file of a mirror here and verifies it. Counts what it read, also in vain. */
final class Download {
  /** What a file may hold whose length the mirror does not say. */
  private static final long MAX_UNKNOWN = 16L << 30;

  private static final int CHUNK = 1 << 17;

  private final Mirror mirror;
  private final SyncListener listener;
  private long bytes;

  Download(Mirror mirror, SyncListener listener) {
    this.mirror = mirror;
    this.listener = listener;
  }

  /** All that was read so far, in bytes. */
  long bytes() {
    return bytes;
  }

  /** A small file, as a whole. */
  byte[] small(String fileName, int limit) throws SyncException {
    URI address = mirror.address(fileName);
    try (Mirror.Body body = mirror.open(fileName)) {
      byte[] content = body.stream().readNBytes(limit + 1);
      if (content.length > limit) {
        throw new SyncException(
            Failure.DOWNLOAD, address + ": larger than " + limit + " bytes; is that a mirror?");
      }
      checkWhole(address, content.length, body.length());
      return content;
    } catch (IOException e) {
      throw interrupted(address, e);
    }
  }

  /**
   * A file of the index, to {@code target}; on failure nothing is left there.
   *
   * @param sha512 that it must have
   */
  void toFile(String fileName, String sha512, LockedRepository repository, Path target)
      throws SyncException {
    URI address = mirror.address(fileName);
    boolean done = false;
    try (Mirror.Body body = mirror.open(fileName)) {
      checkRoom(address, body.length(), repository);
      String found = copy(fileName, body, repository, target);
      if (!found.equals(sha512)) {
        throw new SyncException(
            Failure.DOWNLOAD,
            address + ": its SHA-512 is not that of the index; try again later or another mirror");
      }
      done = true;
    } catch (IOException e) {
      throw interrupted(address, e);
    } finally {
      if (!done) {
        discard(target);
      }
    }
  }

  private String copy(String fileName, Mirror.Body body, LockedRepository repository, Path target)
      throws SyncException, IOException {
    MessageDigest digest = Sha512.start();
    byte[] chunk = new byte[CHUNK];
    long limit = body.length().orElse(MAX_UNKNOWN);
    long done = 0;
    try (OutputStream out = create(repository, target)) {
      InputStream in = body.stream();
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        done += count;
        bytes += count;
        if (done > limit) {
          throw new IOException("it is longer than the " + limit + " bytes it may have");
        }
        digest.update(chunk, 0, count);
        write(out, chunk, count, repository, target);
        listener.progress("downloading " + fileName, done, body.length().orElse(0));
      }
      checkWhole(mirror.address(fileName), done, body.length());
      return Sha512.end(digest);
    }
  }

  private static OutputStream create(LockedRepository repository, Path target)
      throws SyncException {
    try {
      return Files.newOutputStream(target);
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot make the file", target, e));
    }
  }

  private static void write(
      OutputStream out, byte[] chunk, int count, LockedRepository repository, Path target)
      throws SyncException {
    try {
      out.write(chunk, 0, count);
    } catch (IOException e) {
      throw SyncException.of(repository.fault("cannot write the download", target, e));
    }
  }

  private static void checkRoom(URI address, OptionalLong length, LockedRepository repository)
      throws SyncException, IOException {
    Path directory = repository.store().directory();
    long room = Files.getFileStore(directory).getUsableSpace();
    if (length.isPresent() && length.getAsLong() > room) {
      long missing = length.getAsLong() - room;
      throw new SyncException(
          Failure.NO_SPACE,
          directory
              + ": no space for "
              + address
              + ": "
              + missing
              + " bytes are missing; free some");
    }
  }

  private static void checkWhole(URI address, long done, OptionalLong length) throws SyncException {
    if (length.isPresent() && done != length.getAsLong()) {
      throw new SyncException(
          Failure.DOWNLOAD,
          address + ": it ended after " + done + " of " + length.getAsLong() + " bytes; try again");
    }
  }

  private static SyncException interrupted(URI address, IOException e) {
    return new SyncException(
        Failure.DOWNLOAD, address + ": the download broke off: " + e.getMessage(), e);
  }

  private static void discard(Path target) {
    try {
      Files.deleteIfExists(target);
    } catch (IOException e) {
      // It is a temporary name: the next sync clears it.
      return;
    }
  }
}
