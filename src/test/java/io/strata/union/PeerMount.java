package io.strata.union;

import io.strata.squashfs.ImageTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Somebody else's union over the same layers; unmounted when closed. */
record PeerMount(Path path) implements AutoCloseable {
  /**
   * Kernel overlayfs on {@code directory/peer}, with the upper and work directory that {@link
   * UnionMount} uses.
   *
   * @param lowers topmost first
   * @param options more of overlayfs's own, without the layers
   */
  static PeerMount kernel(Path directory, List<Path> lowers, String options)
      throws IOException, InterruptedException {
    Path peer = prepare(directory);
    String all = options + "," + layers(directory, lowers);
    ImageTools.run("mount", "-t", "overlay", "overlay", "-o", all, peer.toString());
    return new PeerMount(peer);
  }

  /** The same with fuse-overlayfs. */
  static PeerMount fuse(Path directory, List<Path> lowers, String options)
      throws IOException, InterruptedException {
    Path peer = prepare(directory);
    String all = options + "," + layers(directory, lowers);
    ImageTools.run("fuse-overlayfs", "-o", all, peer.toString());
    return new PeerMount(peer);
  }

  private static Path prepare(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("upper"));
    Files.createDirectories(directory.resolve("work"));
    return Files.createDirectories(directory.resolve("peer"));
  }

  private static String layers(Path directory, List<Path> lowers) {
    String lower = lowers.stream().map(Path::toString).collect(Collectors.joining(":"));
    return "lowerdir="
        + lower
        + ",upperdir="
        + directory.resolve("upper")
        + ",workdir="
        + directory.resolve("work");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    ImageTools.run("umount", path.toString());
  }
}
