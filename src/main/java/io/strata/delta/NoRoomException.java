package io.strata.delta;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** The file system has no room for a file that is being made. */
public final class NoRoomException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  private final long needed;

  NoRoomException(Path file, long needed, String reason) {
    super(file.toString(), null, reason);
    this.needed = needed;
  }

  /** How many bytes the file is to have. */
  public long needed() {
    return needed;
  }
}
