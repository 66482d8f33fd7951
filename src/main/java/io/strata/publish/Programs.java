package io.strata.publish;

import java.io.File;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The programs that publishing needs, and what they say. */
final class Programs {
  private Programs() {}

  /**
   * The program by its name, on the search path and where administrators' programs are.
   *
   * @param debianPackage that brings it
   */
  static Path find(String name, String debianPackage) throws PublishException {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    for (String directory : (path + ":/usr/sbin:/sbin").split(File.pathSeparator, -1)) {
      Path program = Path.of(directory.isEmpty() ? "." : directory, name);
      if (Files.isExecutable(program) && Files.isRegularFile(program)) {
        return program;
      }
    }
    throw new PublishException(
        name + " is missing; install it (Debian: apt-get install " + debianPackage + ")");
  }

  /** What a full disk is for the JDK, if that is what a program's {@code words} say. */
  static @Nullable FileSystemException spaceFault(Path file, String words) {
    String lower = words.toLowerCase(Locale.ROOT);
    return lower.contains("no space left on device") || lower.contains("disk quota exceeded")
        ? new FileSystemException(file.toString(), null, "No space left on device")
        : null;
  }
}
