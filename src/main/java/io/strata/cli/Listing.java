package io.strata.cli;

import io.strata.posix.Stat;
import io.strata.squashfs.tree.Located;
import java.io.IOException;

/** What a listing of an image is written to, file by file. */
sealed interface Listing extends AutoCloseable permits TextListing, JsonListing {
  void add(Located file) throws IOException;

  @Override
  void close() throws IOException;

  /** The letter that ls(1) has for a type. */
  static char letter(int mode) {
    return switch (mode & Stat.S_IFMT) {
      case Stat.S_IFDIR -> 'd';
      case Stat.S_IFLNK -> 'l';
      case Stat.S_IFBLK -> 'b';
      case Stat.S_IFCHR -> 'c';
      case Stat.S_IFIFO -> 'p';
      case Stat.S_IFSOCK -> 's';
      default -> '-';
    };
  }
}
