package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;

/**
 * An open delta: its header, its columns, and where its frames of content are.
 *
 * <p>Lengths have been checked against the file and the limits when it is open.
 */
final class DeltaReader implements AutoCloseable {
  private static final byte[] NO_DICTIONARY = {};
  private static final int LONGEST_VARINT = 10;

  private final FileChannel channel;
  private final Header header;
  private final Map<Column, Place> places = new EnumMap<>(Column.class);
  private final long contentStart;

  /** Where a column is in the file, and how long it is uncompressed. */
  record Place(long offset, int stored, int plain) {}

  private DeltaReader(FileChannel channel) throws IOException, DeltaException {
    this.channel = channel;
    int most = Header.MAX_SIZE + 2 * LONGEST_VARINT * Column.values().length;
    ByteReader in = new ByteReader("header", bytes(0, (int) Math.min(most, channel.size())));
    this.header = Header.read(in);
    int[] plain = new int[Column.values().length];
    int[] stored = new int[plain.length];
    long total = 0;
    for (int i = 0; i < plain.length; i++) {
      plain[i] = length(in.varint());
      stored[i] = length(in.varint());
      total += plain[i];
      if (stored[i] > plain[i] || (stored[i] == 0 && plain[i] != 0)) {
        throw new DeltaException("column " + Column.values()[i] + " has impossible lengths");
      }
    }
    if (total > Limits.COLUMNS) {
      throw new DeltaException("its columns have " + total + " bytes, more than " + Limits.COLUMNS);
    }
    long at = in.position();
    for (Column column : Column.values()) {
      places.put(column, new Place(at, stored[column.ordinal()], plain[column.ordinal()]));
      at += stored[column.ordinal()];
    }
    this.contentStart = at;
    if (at > channel.size()) {
      throw new DeltaException("is cut off: " + channel.size() + " bytes of at least " + at);
    }
  }

  private static int length(long length) throws DeltaException {
    if (length < 0 || length > Limits.COLUMNS) {
      throw new DeltaException("a column of " + Long.toUnsignedString(length) + " bytes");
    }
    return (int) length;
  }

  /** Opens a delta; no column is decompressed yet. */
  static DeltaReader open(Path delta) throws IOException, DeltaException {
    FileChannel channel = FileChannel.open(delta, StandardOpenOption.READ);
    try {
      return new DeltaReader(channel);
    } catch (IOException | DeltaException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  Header header() {
    return header;
  }

  long length() throws IOException {
    return channel.size();
  }

  /** Where the first frame starts. */
  long contentStart() {
    return contentStart;
  }

  Place place(Column column) {
    return places.getOrDefault(column, new Place(0, 0, 0));
  }

  /** All columns that have no dictionary. */
  ResidualReader columns() throws IOException, DeltaException {
    Map<Column, byte[]> contents = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      if (column != Column.TEXT && column != Column.RAW) {
        contents.put(column, column(column, NO_DICTIONARY));
      }
    }
    return new ResidualReader(contents);
  }

  /** A column, uncompressed. */
  byte[] column(Column column, byte[] dictionary) throws IOException, DeltaException {
    Place place = place(column);
    byte[] stored = bytes(place.offset(), place.stored());
    return place.stored() == place.plain()
        ? stored
        : Zstandard.decompress("column " + column, stored, place.plain(), dictionary);
  }

  /** Bytes of the file; for any thread. */
  byte[] bytes(long offset, int length) throws IOException, DeltaException {
    if (offset < 0 || length < 0 || offset > channel.size() - length) {
      throw new DeltaException("is cut off: " + length + " bytes at " + offset + " are not there");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new DeltaException("is cut off at " + (offset + bytes.position()));
      }
    }
    return bytes.array();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
