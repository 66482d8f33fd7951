package io.strata.cli;

import io.strata.squashfs.CorruptImageException;
import io.strata.squashfs.DirectoryCursor;
import io.strata.squashfs.DirectoryInode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.tree.ImagePath;
import io.strata.squashfs.tree.Located;
import io.strata.squashfs.tree.PathResolver;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata image ls}. */
@Command(
    name = "ls",
    description = {
      "Lists what is in an image: the entries of each directory named, by their paths from the"
          + " root of the image, and each other file named.",
      "Symbolic links on the way are followed inside the image; one in the last place is listed."
    })
final class ImageLsCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "The image: a file, or a block device.")
  private Path path = Path.of("");

  @Mixin private ImageOpener opener = new ImageOpener();

  @Parameters(index = "1..*", paramLabel = "PATH", description = "What to list; default: the root.")
  private List<String> paths = new ArrayList<>();

  @Option(names = "-l", description = "Type, mode, links, owner, size, time (UTC) and link target.")
  private boolean details;

  @Option(
      names = {"-R", "--recursive"},
      description = "And everything below.")
  private boolean recursive;

  @Option(names = "--null", description = "End each line with NUL, as names may hold line feeds.")
  private boolean nul;

  @Option(names = "--json", description = "Print JSON, with all attributes.")
  private boolean json;

  @Spec private CommandSpec spec;

  private boolean damaged;

  @Override
  public Integer call() throws Exception {
    RawArguments raw = RawArguments.ofThisProcess();
    try (SquashFsImage image = opener.open(path);
        ByteOutput out = ByteOutput.standard();
        Listing listing = listing(image, out)) {
      PathResolver resolver = new PathResolver(image);
      for (String each : paths.isEmpty() ? List.of("/") : paths) {
        list(image, resolver.resolve(raw.bytes(each), false), listing);
      }
    }
    return (damaged ? ExitCode.IMAGE : ExitCode.DONE).code();
  }

  private Listing listing(SquashFsImage image, ByteOutput out) {
    return json ? new JsonListing(image, out) : new TextListing(image, out, details, nul);
  }

  private void list(SquashFsImage image, Located top, Listing listing) throws IOException {
    if (!(top.inode() instanceof DirectoryInode)) {
      listing.add(top);
      return;
    }
    Deque<Located> directories = new ArrayDeque<>(List.of(top));
    while (!directories.isEmpty()) {
      Located directory = directories.pop();
      List<Located> below = entries(image, directory, listing);
      if (recursive) {
        below.reversed().forEach(directories::push);
      }
    }
  }

  /** Lists a directory, as far as it is readable; gives the directories in it. */
  private List<Located> entries(SquashFsImage image, Located directory, Listing listing)
      throws IOException {
    List<Located> below = new ArrayList<>();
    DirectoryInode inode = (DirectoryInode) directory.inode();
    try {
      DirectoryCursor cursor = image.newDirectoryCursor().open(inode, 0);
      while (cursor.next()) {
        byte[] name = Arrays.copyOf(cursor.nameBytes(), cursor.nameLength());
        Located entry = entry(image, cursor, directory.path(), name, listing);
        if (entry != null && entry.inode() instanceof DirectoryInode) {
          below.add(entry);
        }
      }
    } catch (CorruptImageException e) {
      say(directory.path(), e);
    }
    return below;
  }

  /** Lists one entry; null if it is damaged. */
  private @Nullable Located entry(
      SquashFsImage image, DirectoryCursor cursor, ImagePath in, byte[] name, Listing listing)
      throws IOException {
    ImagePath where;
    try {
      where = in.child(name);
    } catch (FileSystemException e) {
      say(in, e);
      return null;
    }
    try {
      Located located = new Located(where, image.inode(cursor));
      listing.add(located);
      return located;
    } catch (CorruptImageException e) {
      say(where, e);
      return null;
    }
  }

  private void say(ImagePath where, IOException damage) {
    damaged = true;
    PrintWriter err = spec.commandLine().getErr();
    err.println("strata: " + where + ": " + Failures.describe(damage));
    err.flush();
  }
}
