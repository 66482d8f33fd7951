package io.strata.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What shows that a file was not written to since it was looked at. A rename keeps all of it.
 *
 * @param size bytes
 * @param modified nanoseconds since the epoch
 * @param inode of its file system
 */
public record FileStamp(long size, long modified, long inode) {

  /** The stamp of a file as it is now; a symbolic link is not followed. */
  public static FileStamp of(Path file) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(file, "unix:size,lastModifiedTime,ino", LinkOption.NOFOLLOW_LINKS);
    FileTime modified = (FileTime) attribute(attributes, "lastModifiedTime");
    return new FileStamp(
        (Long) attribute(attributes, "size"),
        modified.to(TimeUnit.NANOSECONDS),
        (Long) attribute(attributes, "ino"));
  }

  private static Object attribute(Map<String, Object> attributes, String name) throws IOException {
    Object value = attributes.get(name);
    if (value == null) {
      throw new IOException("the file system tells no " + name);
    }
    return value;
  }
}
