package io.strata.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Turns what the system says into what the user can do. */
final class Faults {
  /** Below this a file system counts as full: one block of most. */
  private static final long FULL = 4096;

  private final Path directory;

  Faults(Path directory) {
    this.directory = directory;
  }

  /** The exception for a failed change of {@code file}. */
  StoreException of(String what, Path file, IOException cause) {
    if (isNoSpace(cause)) {
      return new NoSpaceException(
          file + ": " + what + ": no space left; free some in " + directory + " and sync again",
          cause);
    }
    return new StoreException(file + ": " + what + ": " + reason(cause), cause);
  }

  private boolean isNoSpace(IOException cause) {
    String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left")
        || message.contains("quota exceeded")
        || (!(cause instanceof NoSuchFileException)
            && !(cause instanceof AccessDeniedException)
            && isFull());
  }

  private boolean isFull() {
    try {
      return Files.getFileStore(directory).getUsableSpace() < FULL;
    } catch (IOException e) {
      return false;
    }
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case AccessDeniedException e -> "permission denied";
      case NoSuchFileException e -> "no such file";
      case FileSystemException e when e.getReason() != null -> String.valueOf(e.getReason());
      default -> String.valueOf(cause.getMessage());
    };
  }
}
