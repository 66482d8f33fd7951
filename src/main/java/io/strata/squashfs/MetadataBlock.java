package io.strata.squashfs;

/**
 * One decoded metadata block. Immutable once published.
 *
 * @param position where its header lies in the image
 * @param bytes the decoded bytes, 1 to 8192
 * @param next where the block behind it begins
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; wrapping it would cost every read
record MetadataBlock(long position, byte[] bytes, long next) {
  /** {@code SQUASHFS_METADATA_SIZE}: the most bytes that a metadata block decodes to. */
  static final int SQUASHFS_METADATA_SIZE = 8192;

  /** {@code SQUASHFS_COMPRESSED_BIT}: set in the header of a block that is not compressed. */
  static final int SQUASHFS_COMPRESSED_BIT = 1 << 15;

  /** The bytes before a block: its stored size and {@link #SQUASHFS_COMPRESSED_BIT}. */
  static final int HEADER_SIZE = 2;

  int length() {
    return bytes.length;
  }
}
