package io.strata.cli;

import io.strata.posix.NativeBuffer;
import io.strata.squashfs.CorruptImageException;
import io.strata.squashfs.FileInode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.tree.Located;
import io.strata.squashfs.tree.PathResolver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code strata image cat}. */
@Command(
    name = "cat",
    description = "Writes files of an image to stdout. Links are followed inside the image.")
final class ImageCatCommand implements Callable<Integer> {
  private static final int BUFFER = 1 << 20;

  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "The image: a file, or a block device.")
  private Path path = Path.of("");

  @Mixin private ImageOpener opener = new ImageOpener();

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "The files.")
  private List<String> paths = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    RawArguments raw = RawArguments.ofThisProcess();
    try (SquashFsImage image = opener.open(path);
        ByteOutput out = ByteOutput.standard()) {
      PathResolver resolver = new PathResolver(image);
      for (String each : paths) {
        Located file = resolver.resolve(raw.bytes(each), true);
        if (!(file.inode() instanceof FileInode inode)) {
          String message = path + ": " + file.path() + ": not a regular file";
          throw new CommandException(ExitCode.FILE, message);
        }
        copy(image, inode, out);
      }
    }
    return ExitCode.DONE.code();
  }

  private static void copy(SquashFsImage image, FileInode inode, ByteOutput out)
      throws IOException {
    NativeBuffer buffer = NativeBuffer.allocate(BUFFER);
    byte[] bytes = new byte[BUFFER];
    long at = 0;
    while (at < inode.size()) {
      int count = read(image, inode, at, buffer);
      buffer.bytes().get(0, bytes, 0, count);
      out.data(bytes, count);
      at += count;
    }
  }

  /**
   * Reads what comes next; block by block where some is damaged, so that all before it is given.
   */
  private static int read(SquashFsImage image, FileInode inode, long at, NativeBuffer buffer)
      throws IOException {
    try {
      return image.read(inode, at, BUFFER, buffer, 0);
    } catch (CorruptImageException e) {
      return image.read(inode, at, image.superblock().blockSize(), buffer, 0);
    }
  }
}
