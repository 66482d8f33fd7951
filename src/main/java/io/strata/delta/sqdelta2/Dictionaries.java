package io.strata.delta.sqdelta2;

import io.strata.delta.sqdelta2.Segment.Kind;
import java.util.Arrays;
import java.util.List;

/** What of the source's metadata is the dictionary of a column. */
final class Dictionaries {
  private Dictionaries() {}

  /** For {@link Column#TEXT}: the directory table, in which all names are. */
  static byte[] ofTexts(ImageModel source) {
    return concatenated(source, List.of(Kind.DIRECTORIES));
  }

  /**
   * For {@link Column#RAW}: the tables that have no model.
   *
   * @param modelled whether the inodes and directories of the target have one
   */
  static byte[] ofRaw(ImageModel source, boolean modelled) {
    List<Kind> small = List.of(Kind.IDS, Kind.XATTR_VALUES, Kind.XATTR_IDS);
    List<Kind> all =
        List.of(
            Kind.IDS,
            Kind.XATTR_VALUES,
            Kind.XATTR_IDS,
            Kind.FRAGMENTS,
            Kind.EXPORT,
            Kind.DIRECTORIES,
            Kind.INODES);
    return concatenated(source, modelled ? small : all);
  }

  /** As much as a dictionary may have. */
  private static byte[] concatenated(ImageModel source, List<Kind> kinds) {
    ByteWriter all = new ByteWriter();
    for (Kind kind : kinds) {
      byte[] table = source.table(kind).plain();
      int room = Limits.DICTIONARY - all.length();
      all.bytes(Arrays.copyOf(table, Math.min(table.length, room)));
    }
    return all.toByteArray();
  }
}
