package io.strata.squashfs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs that make and mount images for the tests. */
public final class ImageTools {
  private ImageTools() {}

  /** Skips the calling test, with the reason, unless {@code program} is installed. */
  public static void needs(String program) {
    boolean found =
        List.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/").stream()
            .anyMatch(directory -> Files.isExecutable(Path.of(directory + program)));
    assumeTrue(found, "needs " + program);
  }

  /** Makes {@code image} of {@code tree} with mksquashfs and these options. */
  public static Path mksquashfs(Path tree, Path image, String... options)
      throws IOException, InterruptedException {
    needs("mksquashfs");
    List<String> command =
        new ArrayList<>(
            List.of("mksquashfs", tree.toString(), image.toString(), "-noappend", "-no-progress"));
    command.addAll(List.of(options));
    run(command.toArray(String[]::new));
    return image;
  }

  /** The same with tar2sqfs, which passes over holes, where mksquashfs reads them. */
  public static Path tar2sqfs(Path tree, Path image) throws IOException, InterruptedException {
    needs("tar2sqfs");
    String make = "tar -S -C %s -cf - . | tar2sqfs -q -f -c lzo %s";
    run("sh", "-c", make.formatted(tree, image));
    return image;
  }

  /** Runs a program to its end; fails with its output unless it succeeds. */
  public static void run(String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile("strata-test", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int status = process.waitFor();
      if (status != 0) {
        String said =
            new String(Files.readAllBytes(output), java.nio.charset.Charset.defaultCharset());
        throw new IOException(String.join(" ", command) + " exits with " + status + ": " + said);
      }
    } finally {
      Files.delete(output);
    }
  }

  /** An image mounted by the kernel; unmounted when closed. */
  public record KernelMount(Path path) implements AutoCloseable {
    /** Mounts {@code image} on a new directory in {@code parent}. */
    public static KernelMount of(Path image, Path parent) throws IOException, InterruptedException {
      Path mountPoint = Files.createTempDirectory(parent, "mnt");
      String padded = padded(image, parent).toString();
      run("mount", "-t", "squashfs", "-o", "ro,loop", padded, mountPoint.toString());
      return new KernelMount(mountPoint);
    }

    /** The kernel can't mount what ends inside a block of the loop device. */
    private static Path padded(Path image, Path parent) throws IOException, InterruptedException {
      if (Files.size(image) % 4096 == 0) {
        return image;
      }
      Path copy = parent.resolve(image.getFileName() + ".padded");
      Files.copy(image, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      run("truncate", "-s", "%4096", copy.toString());
      return copy;
    }

    @Override
    public void close() throws IOException {
      try {
        run("umount", path.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Files.delete(path);
    }
  }
}
