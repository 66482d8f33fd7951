package io.strata.union;

import io.strata.posix.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Which lower file an upper one is a copy of, as overlay.origin and the names in the index have it.
 *
 * <p>It is the file handle that the kernel's squashfs gives, so kernel overlayfs decodes it too
 * when there is no other image among the layers. Of a lower directory only the inode number is
 * recorded, since the kernel ignores a handle that it can't decode; but of its files with several
 * names, the kernel's own: see {@link Tree#originOfCopy}.
 *
 * <p>Source: {@code struct ovl_fb} of fs/overlayfs/overlayfs.h; FILEID_INO32_GEN of
 * linux/exportfs.h. After the handle may follow the layer's generation, which the kernel ignores,
 * since inode numbers mean nothing once another image has taken the place of this one. In the UUID,
 * all zero for an image, its last two bytes are the mark of the layer where there are several.
 *
 * @param ids those of the layer
 * @param inode the inode number in the layer
 * @param generation the layer's; 0 where nothing is said of it
 * @param recorded the whole value as the kernel has it, of a directory on a file system with a
 *     UUID; null for one in the form above
 */
record Origin(LayerIds ids, long inode, int generation, byte @Nullable [] recorded) {
  private static final byte OVL_FH_VERSION = 0;
  private static final byte OVL_FH_MAGIC = (byte) 0xfb;
  private static final byte FILEID_INO32_GEN = 1;
  private static final byte FILEID_INO64_GEN = (byte) 0x81;
  private static final int HEADER = 21;
  private static final int UUID_AT = 5;
  private static final int MARK_AT = 19;

  Origin(LayerIds ids, long inode, int generation) {
    this(ids, inode, generation, null);
  }

  /** The number of the layer, 0 for the lowest. */
  int layer() {
    return ids.layer();
  }

  /**
   * The origin that kernel overlayfs records of a file of a directory.
   *
   * @param uuid of the file system that the directory is on
   * @param handle the file's, with its type in front, see {@link io.strata.posix.NameCalls#handle}
   * @return null for a handle that does not tell the inode number
   */
  static @Nullable Origin ofKernel(LayerIds ids, byte[] uuid, byte[] handle) {
    int size = HEADER + handle.length - 1;
    byte[] value = new byte[size];
    value[0] = OVL_FH_VERSION;
    value[1] = OVL_FH_MAGIC;
    value[2] = (byte) size;
    value[4] = handle[0];
    System.arraycopy(uuid, 0, value, UUID_AT, uuid.length);
    System.arraycopy(handle, 1, value, HEADER, handle.length - 1);
    return ofKernel(ids, value);
  }

  /** The same from the recorded value. */
  static @Nullable Origin ofKernel(LayerIds ids, byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    if (value[4] == FILEID_INO32_GEN && value.length == HEADER + 8) {
      return new Origin(ids, Integer.toUnsignedLong(bytes.getInt(HEADER)), 0, value);
    }
    if (value[4] == FILEID_INO64_GEN && value.length == HEADER + 12) {
      return new Origin(ids, bytes.getLong(HEADER), 0, value);
    }
    return null; // such as tmpfs, which has the first type for something longer
  }

  /** Whether a recorded value is of a file on the file system with this UUID. */
  static boolean isOn(byte[] value, byte @Nullable [] uuid) {
    return uuid != null
        && value.length > HEADER
        && value[1] == OVL_FH_MAGIC
        && Byte.toUnsignedInt(value[2]) == value.length
        && Arrays.equals(value, UUID_AT, HEADER, uuid, 0, uuid.length);
  }

  /**
   * The origin that a copy of a lower file has. Where the kernel compares it with the lower file's,
   * it can't have a generation: in the index, and of a copy without data.
   *
   * @param withData whether the copy has the file's data, too
   */
  static Origin ofCopy(Lower lower, boolean withData) throws ErrnoException {
    boolean compared = lower.linkCount() > 1 || !withData;
    return compared ? ofIndexed(lower) : of(lower, lower.generation());
  }

  /** As the index has it, and a copy that is there: without a generation, as with the kernel. */
  static Origin ofIndexed(Lower lower) {
    return of(lower, 0);
  }

  private static Origin of(Lower lower, int generation) {
    long inode = lower.inode() & (1L << LayerIds.SHIFT) - 1;
    return new Origin(lower.layerIds(), inode, generation);
  }

  /** Whether it may be a file of the layer that has this generation now. */
  boolean isOf(int layerGeneration) {
    return generation == 0 || generation == layerGeneration;
  }

  byte[] encode() {
    if (recorded != null) {
      return recorded.clone();
    }
    boolean small = inode >>> 32 == 0;
    int size = HEADER + (small ? 8 : 12) + (generation != 0 ? 4 : 0);
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(OVL_FH_VERSION).put(OVL_FH_MAGIC).put((byte) size);
    bytes.put((byte) 0); // flags: little-endian handle, 64-bit
    bytes.put(small ? FILEID_INO32_GEN : FILEID_INO64_GEN);
    bytes.putShort(MARK_AT, (short) ids.mark()).position(HEADER);
    if (small) {
      bytes.putInt((int) inode).putInt(0); // i_ino, i_generation
    } else {
      bytes.putLong(inode).putInt(0);
    }
    if (generation != 0) {
      bytes.putInt(generation);
    }
    return bytes.array();
  }

  /** The name in the index. */
  byte[] indexName() {
    return HexFormat.of().formatHex(encode()).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Reads an attribute; null for one that says nothing to us.
   *
   * @param unmarked of which layer one is that has no mark
   */
  static @Nullable Origin decode(byte[] value, LayerIds unmarked) {
    if (value.length < HEADER + 8 || value[1] != OVL_FH_MAGIC || value[2] != value.length) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    LayerIds ids = LayerIds.ofMark(Short.toUnsignedInt(bytes.getShort(MARK_AT)), unmarked);
    boolean zeroUuid = bytes.getLong(5) == 0 && bytes.getInt(13) == 0 && bytes.getShort(17) == 0;
    if (!zeroUuid || ids == null) {
      return null;
    }
    return switch (bytes.get(4)) {
      case FILEID_INO32_GEN ->
          ours(ids, Integer.toUnsignedLong(bytes.getInt(HEADER)), bytes, HEADER + 4);
      case FILEID_INO64_GEN -> ours(ids, bytes.getLong(HEADER), bytes, HEADER + 8);
      default -> null;
    };
  }

  /** With an i_generation it is of a directory, on a file system whose UUID is zero, too. */
  private static @Nullable Origin ours(
      LayerIds ids, long inode, ByteBuffer bytes, int generationAt) {
    if (bytes.capacity() < generationAt + 4 || bytes.getInt(generationAt) != 0) {
      return null;
    }
    return new Origin(ids, inode, last(bytes, generationAt + 4));
  }

  private static int last(ByteBuffer bytes, int at) {
    return bytes.capacity() >= at + 4 ? bytes.getInt(at) : 0;
  }

  /** What a name in the index says, as {@link #decode}. */
  static @Nullable Origin ofIndexName(byte[] name, LayerIds unmarked) {
    try {
      byte[] value = HexFormat.of().parseHex(new String(name, StandardCharsets.US_ASCII));
      return decode(value, unmarked);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
