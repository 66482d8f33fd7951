package io.strata.squashfs;

/**
 * A block or character device.
 *
 * @param device the device number in the kernel's 32-bit encoding, as the image has it
 */
public record DeviceInode(InodeHeader header, long linkCount, int xattrIndex, int device)
    implements Inode {
  @Override
  public long size() {
    return 0;
  }

  /** As {@code new_decode_dev} of linux/kdev_t.h: 12 bits. */
  public int major() {
    return (device >>> 8) & 0xfff;
  }

  /** As {@code new_decode_dev} of linux/kdev_t.h: 20 bits. */
  public int minor() {
    return (device & 0xff) | ((device >>> 12) & 0xfff00);
  }
}
