package io.strata.cli;

import io.strata.delta.DeltaException;
import io.strata.mount.MountException;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.publish.MirrorBusyException;
import io.strata.publish.PublishException;
import io.strata.squashfs.CorruptImageException;
import io.strata.store.NoSpaceException;
import io.strata.store.StoreException;
import io.strata.sync.ConfigException;
import io.strata.sync.Failure;
import io.strata.sync.SyncException;
import io.strata.trust.IndexException;
import io.strata.trust.KeyException;
import io.strata.trust.UntrustedIndexException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** Says which class of failure an exception is, and what to tell the user. */
final class Failures {
  private Failures() {}

  /** The exit code for what went wrong. */
  static ExitCode classify(Throwable failure) {
    if (isNoSpace(failure)) {
      return ExitCode.NO_SPACE;
    }
    return switch (failure) {
      case CommandException e -> e.exitCode();
      case MountException e -> ofMount(e.kind());
      case ConfigException _ -> ExitCode.USAGE;
      case SyncException e -> ofSync(e.failure());
      case NoSpaceException _ -> ExitCode.NO_SPACE;
      case StoreException _ -> ExitCode.FILE;
      case MirrorBusyException _ -> ExitCode.BUSY;
      case PublishException _ -> ExitCode.PUBLISH;
      case CorruptImageException _ -> ExitCode.IMAGE;
      case DeltaException _ -> ExitCode.DELTA;
      case IndexException _ -> ExitCode.INDEX;
      case UntrustedIndexException _ -> ExitCode.SIGNATURE;
      case KeyException _ -> ExitCode.SIGNATURE;
      case IOException _ -> ExitCode.FILE;
      case ErrnoException _ -> ExitCode.FILE;
      default -> ExitCode.INTERNAL;
    };
  }

  private static ExitCode ofSync(Failure failure) {
    return switch (failure) {
      case CONFIGURATION -> ExitCode.USAGE;
      case INDEX -> ExitCode.INDEX;
      case SIGNATURE -> ExitCode.SIGNATURE;
      case DOWNLOAD, MID_UPDATE -> ExitCode.DOWNLOAD;
      case DELTA -> ExitCode.DELTA;
      case STORE -> ExitCode.FILE;
      case IMAGE, NO_SNAPSHOT -> ExitCode.IMAGE;
      case BUSY -> ExitCode.BUSY;
      case NO_SPACE -> ExitCode.NO_SPACE;
    };
  }

  private static ExitCode ofMount(MountException.Kind kind) {
    return switch (kind) {
      case USAGE -> ExitCode.USAGE;
      case IMAGE -> ExitCode.IMAGE;
      case MOUNT -> ExitCode.MOUNT;
      case BUSY -> ExitCode.BUSY;
      case FILE -> ExitCode.FILE;
      case NO_SPACE -> ExitCode.NO_SPACE;
      case INTERNAL -> ExitCode.INTERNAL;
    };
  }

  /** The line for the user, without the program's name. */
  static String describe(Throwable failure) {
    return switch (failure) {
      case NoSuchFileException e -> e.getFile() + ": no such file or directory";
      case FileNotFoundException e -> String.valueOf(e.getMessage());
      case FileAlreadyExistsException e -> fileAndWay(e, "is there already");
      case NotDirectoryException e -> e.getFile() + ": not a directory";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case RuntimeException e -> "internal fault: " + e + "; run again with --debug and report it";
      case Error e -> "internal fault: " + e + "; run again with --debug and report it";
      default -> {
        String message = failure.getMessage();
        yield message == null ? failure.getClass().getSimpleName() : message;
      }
    };
  }

  private static String fileAndWay(FileSystemException e, String what) {
    return e.getFile() + ": " + what + (e.getReason() == null ? "" : "; " + e.getReason());
  }

  private static boolean isNoSpace(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause()) {
      if (saysNoSpace(cause)) {
        return true;
      }
      depth++;
    }
    return false;
  }

  private static boolean saysNoSpace(Throwable cause) {
    return switch (cause) {
      case ErrnoException e -> e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT;
      case FileSystemException e -> mentionsNoSpace(e.getReason());
      case IOException e -> mentionsNoSpace(e.getMessage());
      default -> false;
    };
  }

  // The JDK gives strerror's text and no errno.
  private static boolean mentionsNoSpace(@org.jspecify.annotations.Nullable String text) {
    if (text == null) {
      return false;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.contains("no space left on device") || lower.contains("disk quota exceeded");
  }
}
