package io.strata.cli;

import io.strata.squashfs.ImageOptions;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Opens the image of a verb of {@code strata image}, with the option that says where it begins. */
final class ImageOpener {
  @Option(
      names = "--offset",
      paramLabel = "BYTES",
      description =
          "Where in the file the image begins; default: at its first byte, else behind the program"
              + " it begins with (AppImage), else where one is found in 128 MiB.")
  private @Nullable Long offset;

  SquashFsImage open(Path path) throws CommandException, IOException {
    return open(path, ImageOptions.defaults());
  }

  SquashFsImage open(Path path, ImageOptions options) throws CommandException, IOException {
    if (offset != null && offset < 0) {
      throw new CommandException(ExitCode.USAGE, "--offset " + offset + ": give 0 or more bytes");
    }
    OptionalLong place = offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    return SquashFsImage.open(path, options.withOffset(place));
  }
}
