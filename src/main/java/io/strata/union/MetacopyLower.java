package io.strata.union;

import io.strata.fuse.Attributes;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import org.jspecify.annotations.Nullable;

/**
 * A file of a lower layer that has only the metadata, with the file further below that has the
 * data: what an upper with overlay.metacopy becomes when it is a lower layer of another union.
 *
 * @param data null where a layer that only has data does not have it: that shows when it is opened
 */
record MetacopyLower(Lower metadata, @Nullable Lower data) implements Lower {
  @Override
  public long inode() {
    return metadata.inode();
  }

  @Override
  public LayerIds layerIds() {
    return metadata.layerIds();
  }

  @Override
  public int generation() {
    return metadata.generation();
  }

  @Override
  public int handleGeneration() {
    return metadata.handleGeneration();
  }

  @Override
  public @Nullable Origin kernelOrigin() throws ErrnoException {
    return metadata.kernelOrigin();
  }

  @Override
  public boolean isSameFile(Lower other) {
    return other instanceof MetacopyLower file && file.metadata.isSameFile(metadata);
  }

  @Override
  public int type() {
    return metadata.type();
  }

  @Override
  public int linkCount() throws ErrnoException {
    return metadata.linkCount();
  }

  @Override
  public int protection() {
    return metadata.protection();
  }

  @Override
  public int openForFlags() throws ErrnoException {
    return metadata.openForFlags();
  }

  @Override
  public void attributes(Attributes attributes) throws ErrnoException {
    long blocks = 0;
    if (data != null) {
      data.attributes(attributes);
      blocks = attributes.blocks;
    }
    metadata.attributes(attributes);
    attributes.blocks = blocks;
  }

  @Override
  public @Nullable Lower child(Name name) throws ErrnoException {
    return metadata.child(name);
  }

  @Override
  public boolean isMarked() throws ErrnoException {
    return metadata.isMarked();
  }

  @Override
  public boolean isWhiteout() {
    return false;
  }

  @Override
  public boolean isOpaque() {
    return false;
  }

  @Override
  public byte @Nullable [] redirect() {
    return null;
  }

  @Override
  public void list(EntryVisitor visitor) throws ErrnoException {
    metadata.list(visitor);
  }

  @Override
  public byte[] readLink() throws ErrnoException {
    return metadata.readLink();
  }

  @Override
  public LowerReader open() throws ErrnoException {
    if (data == null) {
      throw ErrnoException.of(Errno.ENOENT); // as kernel overlayfs
    }
    return data.open();
  }

  @Override
  public byte @Nullable [] xattr(byte[] name) throws ErrnoException {
    return metadata.xattr(name);
  }

  @Override
  public byte[] xattrNames() throws ErrnoException {
    return metadata.xattrNames();
  }
}
