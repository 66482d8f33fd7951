package io.strata.serve;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A file or directory as a client may know it.
 *
 * @param path of it, without symbolic links
 * @param directory whether it is a directory
 * @param length of a file, in bytes
 * @param modified when it was last changed, to the second
 * @param tag a strong entity tag, with its quotes: inode, length, and time to the nanosecond
 */
record Resource(Path path, boolean directory, long length, Instant modified, String tag) {
  /**
   * Looks at what is there.
   *
   * @throws IOException if nothing is, or neither a file nor a directory
   */
  static Resource of(Path path) throws IOException {
    BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
    if (!is.isDirectory() && !is.isRegularFile()) {
      throw new IOException(path + ": neither a file nor a directory");
    }
    Instant time = is.lastModifiedTime().toInstant();
    String inode = String.valueOf(is.fileKey()).replaceAll("[^0-9a-z]+", "");
    String tag =
        String.format(
            Locale.ROOT,
            "\"%s-%x-%x%08x\"",
            inode,
            is.size(),
            time.getEpochSecond(),
            time.getNano());
    return new Resource(
        path, is.isDirectory(), is.size(), time.truncatedTo(ChronoUnit.SECONDS), tag);
  }

  /**
   * Opens the file to read what the tag is of.
   *
   * @throws IOException if it can't be read, or is another one by now
   */
  FileChannel open() throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      if (of(path).tag().equals(tag)) {
        return channel;
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    throw new FileSystemException(path.toString(), null, "it is another file by now");
  }

  /** When it was last changed, but no later than {@code now}: RFC 9110 section 8.8.2.1. */
  String lastModified(Instant now) {
    return HttpDate.of(modified.isAfter(now) ? now : modified);
  }

  String contentType() {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(".txt") || name.endsWith(".asc")
        ? "text/plain; charset=utf-8"
        : "application/octet-stream";
  }
}
