package io.strata.publish;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * The content-addressed store of a mirror directory: {@code .blobs/sha256/aa/aaaa...}, named by the
 * SHA-256 of their content. Files of the mirror are hard links to blobs, so that equal ones take
 * space once. Nothing ever writes to a file that may be such a link: {@link #unshare} first.
 *
 * <p>Where the file system has no hard links, or a file has as many as it can have, files stay by
 * themselves.
 */
final class BlobStore {
  /** Its name in the mirror directory. */
  static final String NAME = ".blobs";

  /** Somebody may just have made a younger one, and not linked it yet. */
  private static final Duration YOUNG = Duration.ofMinutes(10);

  private static final Pattern BLOB = Pattern.compile("[0-9a-f]{64}");
  private static final String LINKS = "unix:nlink";

  private final Path root;
  private final Path directory;

  BlobStore(Path mirror) {
    this.root = mirror.resolve(NAME);
    this.directory = root.resolve("sha256");
  }

  /** Where the blob with this digest lies, or would. */
  Path blob(String sha256) {
    return directory.resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  /**
   * Makes a file a link to its blob, which is made of it if there is none.
   *
   * @param sha256 of the file as it is now
   * @param scratch a name in the file's directory or beside it that nobody uses
   */
  void share(Path file, String sha256, Path scratch) throws IOException {
    Path blob = blob(sha256);
    Durable.sync(file);
    makeDirectories(blob.resolveSibling(""));
    try {
      if (!Files.exists(blob, LinkOption.NOFOLLOW_LINKS)) {
        Files.createLink(blob, file);
      } else if (Files.isSameFile(blob, file)) {
        return;
      } else if (isSound(blob, file)) {
        Files.createLink(scratch, blob);
        replace(scratch, file);
      } else {
        Files.createLink(scratch, file);
        replace(scratch, blob); // what it was before stays with the files that link to it
      }
    } catch (UnsupportedOperationException | FileAlreadyExistsException | NoSuchFileException e) {
      return; // no links here, or another publisher was quicker: the file stays by itself
    } catch (FileSystemException e) {
      if (!hasNoMoreLinks(e)) {
        throw e;
      }
    }
  }

  /** Follows no symbolic link: what it leads to is somebody else's. */
  private void makeDirectories(Path part) throws IOException {
    for (Path each : new Path[] {root, directory, part}) {
      if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
        if (Files.exists(each, LinkOption.NOFOLLOW_LINKS)) {
          throw new NotDirectoryException(each.toString());
        }
        Files.createDirectory(each);
      }
    }
  }

  // Where both are links to one file, rename(2) leaves both names.
  private static void replace(Path scratch, Path file) throws IOException {
    Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(scratch);
  }

  private static boolean isSound(Path blob, Path file) throws IOException {
    return Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS) && Files.mismatch(blob, file) < 0;
  }

  /** EMLINK, EPERM and EOPNOTSUPP of link(2), by strerror's words: the JDK gives no number. */
  private static boolean hasNoMoreLinks(FileSystemException e) {
    String reason = String.valueOf(e.getReason());
    return reason.contains("Too many links")
        || reason.contains("Operation not permitted")
        || reason.contains("not supported");
  }

  /** Makes a file one that nothing else links to, with the same content, mode and times. */
  static void unshare(Path file, Path scratch) throws IOException {
    if (links(file) > 1) {
      Files.copy(file, scratch, StandardCopyOption.COPY_ATTRIBUTES);
      replace(scratch, file);
    }
  }

  /** Removes the blobs that nothing links to and that are not young. */
  void collect(Instant now) throws IOException {
    boolean here =
        Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)
            && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
    if (!here) {
      return;
    }
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory)) {
      for (Path part : parts) {
        if (Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
          collect(part, now);
        }
      }
    }
  }

  private static void collect(Path part, Instant now) throws IOException {
    try (DirectoryStream<Path> blobs = Files.newDirectoryStream(part)) {
      for (Path blob : blobs) {
        if (isGarbage(blob, now)) {
          Files.deleteIfExists(blob);
        }
      }
    }
  }

  private static boolean isGarbage(Path blob, Instant now) throws IOException {
    return BLOB.matcher(String.valueOf(blob.getFileName())).matches()
        && Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS)
        && links(blob) == 1
        && Files.getLastModifiedTime(blob, LinkOption.NOFOLLOW_LINKS)
            .toInstant()
            .isBefore(now.minus(YOUNG));
  }

  private static int links(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, LINKS, LinkOption.NOFOLLOW_LINKS);
  }
}
