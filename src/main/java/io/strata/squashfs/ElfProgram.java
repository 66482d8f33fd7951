package io.strata.squashfs;

import io.strata.posix.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * Where a program in front of an image ends: behind the last byte that its ELF headers speak of, as
 * AppImage has it.
 *
 * <p>Source: {@code Elf32_Ehdr}, {@code Elf64_Ehdr} and their kin of elf.h; the AppImage
 * specification, type 2: the image lies behind the section headers or the last section, whichever
 * ends later.
 */
final class ElfProgram {
  private static final int ELFMAG = 0x464c457f;
  private static final int EI_CLASS = 4;
  private static final int EI_DATA = 5;
  private static final int ELFCLASS64 = 2;
  private static final int ELFDATA2MSB = 2;
  private static final int SHT_NOBITS = 8;

  /** The larger of the two headers, {@code Elf64_Ehdr}. */
  private static final int HEADER_SIZE = 64;

  /** No program that runs has more headers, in bytes; what has is not read as one. */
  private static final long MOST_HEADERS = 1 << 20;

  private final ImageFile file;
  private final ByteBuffer header;
  private final boolean wide;
  private long end;

  private ElfProgram(ImageFile file, ByteBuffer header) {
    this.file = file;
    this.header = header;
    this.wide = header.get(EI_CLASS) == ELFCLASS64;
  }

  /** The first byte behind the program that {@code file} begins with; nothing if it does not. */
  static OptionalLong endIn(ImageFile file) throws IOException {
    NativeBuffer bytes = NativeBuffer.allocate(HEADER_SIZE);
    int got = file.readUpTo(0, HEADER_SIZE, bytes, 0);
    if (got < HEADER_SIZE || bytes.bytes().getInt(0) != ELFMAG) {
      return OptionalLong.empty();
    }
    ByteBuffer header = bytes.bytes().duplicate();
    boolean big = header.get(EI_DATA) == ELFDATA2MSB;
    header.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return new ElfProgram(file, header).end();
  }

  private OptionalLong end() throws IOException {
    int tables = wide ? 54 : 42; // e_phentsize, e_phnum, e_shentsize, e_shnum
    end = wide ? HEADER_SIZE : 52;
    boolean read =
        readTable(word(header, wide ? 32 : 28), u16(tables), u16(tables + 2), false)
            && readTable(word(header, wide ? 40 : 32), u16(tables + 4), u16(tables + 6), true);
    boolean any = u16(tables + 2) != 0 || u16(tables + 6) != 0;
    return read && any && end <= file.size() ? OptionalLong.of(end) : OptionalLong.empty();
  }

  // False if the table is none.
  private boolean readTable(long start, int entrySize, int count, boolean sections)
      throws IOException {
    long size = (long) entrySize * count;
    int least = wide ? (sections ? 64 : 56) : (sections ? 40 : 32);
    if (count == 0) {
      return true;
    }
    if (entrySize < least || size > MOST_HEADERS || start < 0 || start > file.size() - size) {
      return false;
    }
    NativeBuffer table = NativeBuffer.allocate((int) size);
    file.readFully(start, (int) size, table, 0);
    ByteBuffer bytes = table.bytes().duplicate().order(header.order());
    boolean inside = reach(start, size);
    for (int at = 0; at < size && inside; at += entrySize) {
      inside = sections ? reachSection(bytes, at) : reachSegment(bytes, at);
    }
    return inside;
  }

  // sh_type, sh_offset, sh_size
  private boolean reachSection(ByteBuffer table, int at) {
    return table.getInt(at + 4) == SHT_NOBITS
        || reach(word(table, at + (wide ? 24 : 16)), word(table, at + (wide ? 32 : 20)));
  }

  // p_offset, p_filesz
  private boolean reachSegment(ByteBuffer table, int at) {
    return reach(word(table, at + (wide ? 8 : 4)), word(table, at + (wide ? 32 : 16)));
  }

  private boolean reach(long start, long size) {
    if (start < 0 || size < 0 || start > file.size() - size) {
      return false;
    }
    end = Math.max(end, start + size);
    return true;
  }

  private long word(ByteBuffer bytes, int at) {
    return wide ? bytes.getLong(at) : Integer.toUnsignedLong(bytes.getInt(at));
  }

  private int u16(int at) {
    return Short.toUnsignedInt(header.getShort(at));
  }
}
