package io.strata.union;

import io.strata.fuse.Attributes;
import java.util.Optional;

/**
 * Whom the files of an image are shown to belong to, as the mount options {@code uid=} and {@code
 * gid=} say. What is copied up is made with the owners that were shown.
 *
 * @param uid the user of all files; empty for the one that the image has
 * @param gid the group of all files; empty for the one that the image has
 */
public record Owners(Optional<Integer> uid, Optional<Integer> gid) {
  /** Those of the image. */
  public static final Owners OF_IMAGE = new Owners(Optional.empty(), Optional.empty());

  void apply(Attributes attributes) {
    if (uid.isPresent()) {
      attributes.uid = uid.get();
    }
    if (gid.isPresent()) {
      attributes.gid = gid.get();
    }
  }
}
