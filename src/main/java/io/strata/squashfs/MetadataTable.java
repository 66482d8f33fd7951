package io.strata.squashfs;

import java.io.IOException;

/**
 * A run of metadata blocks from {@code start} to {@code end}: the inode, directory or xattr table.
 *
 * @param name for messages
 * @param start position of the first block; references count from here
 * @param end position behind the last block
 */
record MetadataTable(ImageFile file, MetadataCache cache, String name, long start, long end) {
  /** The block at {@code position}, which must be inside. */
  MetadataBlock block(long position) throws IOException {
    if (position < start || position >= end) {
      throw corrupt(position, "nothing of this table lies here");
    }
    MetadataBlock block = cache.get(name, position, end);
    if (block.next() > end) {
      throw corrupt(position, "a metadata block reaches beyond its table");
    }
    return block;
  }

  /** The most bytes that this table can decode to; no structure in it can be larger. */
  long capacity() {
    long smallestBlock = MetadataBlock.HEADER_SIZE + 1;
    return ((end - start) / smallestBlock + 1) * MetadataBlock.SQUASHFS_METADATA_SIZE;
  }

  MetadataCursor cursor() {
    return new MetadataCursor(this);
  }

  CorruptImageException corrupt(long position, String problem) {
    return file.corrupt(name, position, problem);
  }
}
