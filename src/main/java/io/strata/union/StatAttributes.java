package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.posix.Stat;

/** From what the backing file system says to what the mount says. */
final class StatAttributes {
  private StatAttributes() {}

  /** All but inode number and lifetime. */
  static void fill(Stat from, Attributes to) {
    to.size = from.size;
    to.blocks = from.blocks;
    to.accessSeconds = from.accessSeconds;
    to.accessNanos = from.accessNanos;
    to.modifySeconds = from.modifySeconds;
    to.modifyNanos = from.modifyNanos;
    to.changeSeconds = from.changeSeconds;
    to.changeNanos = from.changeNanos;
    to.birthSeconds = from.birthSeconds;
    to.birthNanos = from.birthNanos;
    to.born = from.birthSeconds != 0 || from.birthNanos != 0;
    to.mode = from.mode;
    to.linkCount = from.linkCount;
    to.uid = from.uid;
    to.gid = from.gid;
    to.device = Whiteouts.shown(from.device());
    to.blockSize = from.blockSize;
  }
}
