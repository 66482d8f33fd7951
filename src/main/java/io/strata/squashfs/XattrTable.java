package io.strata.squashfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes.
 *
 * <p>Source: {@code struct squashfs_xattr_entry}, {@code squashfs_xattr_val} and {@code
 * squashfs_xattr_id} of squashfs_fs.h, and the kernel's fs/squashfs/xattr.c.
 */
final class XattrTable {
  static final int ID_SIZE = 16;
  static final int HEADER_SIZE = 16;

  private static final int COUNT_AT = 8;
  private static final int SIZE_AT = 12;
  private static final int SQUASHFS_XATTR_VALUE_OOL = 256;
  private static final int SQUASHFS_XATTR_PREFIX_MASK = 0xff;

  /** The longest list of names and the longest value that Linux knows (linux/limits.h). */
  private static final int XATTR_SIZE_MAX = 65536;

  private static final int XATTR_NAME_MAX = 255;

  /** The most attributes of a file that are believed: more than names fit into a list. */
  private static final int MAX_ATTRIBUTES = 16384;

  private static final byte[][] PREFIXES = {
    "user.".getBytes(StandardCharsets.US_ASCII),
    "trusted.".getBytes(StandardCharsets.US_ASCII),
    "security.".getBytes(StandardCharsets.US_ASCII)
  };

  private final IndexedTable ids;
  private final MetadataTable values;

  XattrTable(IndexedTable ids, MetadataTable values) {
    this.ids = ids;
    this.values = values;
  }

  /** The table of the entries. */
  IndexedTable ids() {
    return ids;
  }

  /** The table that names and values stand in. */
  MetadataTable values() {
    return values;
  }

  /** The full names of the attributes of entry {@code index}; unknown prefixes are left out. */
  List<byte[]> names(int index) throws IOException {
    List<byte[]> names = new ArrayList<>();
    MetadataCursor cursor = values.cursor();
    int total = 0;
    for (long left = open(index, cursor); left > 0; left--) {
      int type = cursor.u16();
      byte[] name = readName(type, cursor);
      if (name.length > 0) {
        names.add(name);
        total += name.length + 1;
      }
      if (total > XATTR_SIZE_MAX) {
        throw cursor.corrupt("more than 64 KiB of names of extended attributes");
      }
      skipValue(cursor);
    }
    return names;
  }

  /** The value of the attribute {@code wanted}, with its prefix; null if there is none. */
  byte @Nullable [] value(int index, byte[] wanted) throws IOException {
    MetadataCursor cursor = values.cursor();
    for (long left = open(index, cursor); left > 0; left--) {
      int type = cursor.u16();
      if (Arrays.equals(readName(type, cursor), wanted)) {
        return readValue(type, cursor);
      }
      skipValue(cursor);
    }
    return null;
  }

  /** The bytes that entry {@code index} takes, as the image says. */
  long size(int index) throws IOException {
    return Integer.toUnsignedLong(ids.s32(Integer.toUnsignedLong(index), SIZE_AT));
  }

  /** Sets the cursor to the first attribute; gives how many there are. */
  private long open(int index, MetadataCursor cursor) throws IOException {
    long number = Integer.toUnsignedLong(index);
    cursor.seek(ids.s64(number, 0));
    long count = Integer.toUnsignedLong(ids.s32(number, COUNT_AT));
    if (count > MAX_ATTRIBUTES) {
      throw ids.corrupt(number, count + " extended attributes of one file");
    }
    return count;
  }

  /** Reads an attribute's name with its prefix; empty if nobody knows the prefix. */
  private static byte[] readName(int type, MetadataCursor cursor) throws IOException {
    int size = cursor.u16();
    if (size == 0 || size > XATTR_NAME_MAX) {
      throw cursor.corrupt("an extended attribute with a name of " + size + " bytes");
    }
    int prefixNumber = type & SQUASHFS_XATTR_PREFIX_MASK;
    if (prefixNumber >= PREFIXES.length) {
      cursor.skip(size);
      return new byte[0];
    }
    byte[] prefix = PREFIXES[prefixNumber];
    byte[] name = Arrays.copyOf(prefix, prefix.length + size);
    cursor.read(name, prefix.length, size);
    for (int i = prefix.length; i < name.length; i++) {
      if (name[i] == 0) {
        throw cursor.corrupt("a NUL in the name of an extended attribute");
      }
    }
    return name;
  }

  private static void skipValue(MetadataCursor cursor) throws IOException {
    cursor.skip(valueSize(cursor));
  }

  private static int valueSize(MetadataCursor cursor) throws IOException {
    long size = cursor.u32();
    if (size > XATTR_SIZE_MAX) {
      throw cursor.corrupt("an extended attribute with a value of " + size + " bytes");
    }
    return (int) size;
  }

  /** Reads a value; one that is out of line lies where the reference in its place says. */
  private static byte[] readValue(int type, MetadataCursor cursor) throws IOException {
    long here = cursor.referenceOfNext();
    int size = valueSize(cursor);
    if ((type & SQUASHFS_XATTR_VALUE_OOL) != 0) {
      if (size != Long.BYTES) {
        throw cursor.corrupt("a reference of " + size + " bytes to a value out of line");
      }
      long there = cursor.s64();
      if (there == here) {
        throw cursor.corrupt("a value out of line that is said to lie where the reference is");
      }
      cursor.seek(there);
      size = valueSize(cursor);
    }
    byte[] value = new byte[size];
    cursor.read(value, 0, size);
    return value;
  }
}
