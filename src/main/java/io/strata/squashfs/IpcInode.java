package io.strata.squashfs;

/** A FIFO or a socket; {@link #mode} says which. */
public record IpcInode(InodeHeader header, long linkCount, int xattrIndex) implements Inode {
  @Override
  public long size() {
    return 0;
  }
}
