package io.strata.mount;

import io.strata.digest.Sha2;
import io.strata.mount.MountException.Kind;
import io.strata.squashfs.SquashFsImage;
import io.strata.union.LowerLayer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what an upper lies on. Images are known by their fingerprints, wherever they lie;
 * directories by their paths.
 */
final class BaseLayers {
  /** A longer name is cut at its beginning: the record has to fit into an attribute. */
  private static final int LONGEST_NAME = 255;

  private BaseLayers() {}

  /**
   * The base that a plan gives its upper.
   *
   * @param lowers the layers of the plan, the image that is mounted first
   */
  static Base of(MountPlan plan, List<LowerLayer> lowers) throws MountException {
    return new Base(
        identity(lowers.getFirst()),
        plan.words().subdir(),
        plan.repository(),
        name(plan),
        identity(lowers.subList(1, lowers.size())));
  }

  private static String name(MountPlan plan) {
    String name = plan.snapshot().map(each -> plan.source() + "-" + each).orElse(plan.source());
    return name.substring(Math.max(0, name.length() - LONGEST_NAME));
  }

  private static Optional<String> identity(List<LowerLayer> below) throws MountException {
    if (below.isEmpty()) {
      return Optional.empty();
    }
    List<String> all = new ArrayList<>();
    for (LowerLayer layer : below) {
      all.add(identity(layer));
    }
    return Optional.of("sha256:" + digest(String.join("\0", all)));
  }

  private static String identity(LowerLayer layer) throws MountException {
    return switch (layer) {
      case LowerLayer.Directory directory -> "directory:" + directory.path();
      case LowerLayer.Image image -> "sha256:" + fingerprint(image.image());
      case LowerLayer.DataOnly data -> "data:" + identity(data.layer());
    };
  }

  private static String fingerprint(SquashFsImage image) throws MountException {
    try {
      return image.fingerprint();
    } catch (IOException e) {
      throw new MountException(Kind.IMAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static String digest(String text) {
    return Sha2.SHA_256.hex(text.getBytes(StandardCharsets.UTF_8));
  }
}
