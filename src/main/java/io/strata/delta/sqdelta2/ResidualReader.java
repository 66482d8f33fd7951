package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.util.EnumMap;
import java.util.Map;

/** Reads columns. */
final class ResidualReader implements Residuals {
  private final Map<Column, ByteReader> columns = new EnumMap<>(Column.class);

  /** Reads the columns that {@code bytes} holds. */
  ResidualReader(Map<Column, byte[]> bytes) {
    bytes.forEach((column, content) -> put(column, content));
  }

  /** Adds a column. */
  void put(Column column, byte[] content) {
    columns.put(column, new ByteReader("column " + column, content));
  }

  @Override
  public long number(Column column, long predicted, long actual, long most) throws DeltaException {
    long code = column(column).varint();
    long value = predicted + ((code >>> 1) ^ -(code & 1));
    if (Long.compareUnsigned(value, most) > 0) {
      throw new DeltaException(
          "column %s: %d before byte %d is not in 0 to %s"
              .formatted(column, value, column(column).position(), Long.toUnsignedString(most)));
    }
    return value;
  }

  /** A number that has no prediction, as it is. */
  long plain(Column column, long most) throws DeltaException {
    return number(column, 0, 0, most);
  }

  @Override
  public byte[] text(Column column, byte[] actual) throws DeltaException {
    return column(column).text();
  }

  /** So many bytes as they are. */
  byte[] bytes(Column column, long length) throws DeltaException {
    return column(column).bytes(length);
  }

  @Override
  public boolean reads() {
    return true;
  }

  /** Refuses a delta that holds more than was read. */
  void checkAllRead() throws DeltaException {
    for (Map.Entry<Column, ByteReader> entry : columns.entrySet()) {
      if (!entry.getValue().atEnd()) {
        throw new DeltaException(
            "column " + entry.getKey() + " goes on after byte " + entry.getValue().position());
      }
    }
  }

  private ByteReader column(Column column) throws DeltaException {
    ByteReader reader = columns.get(column);
    if (reader == null) {
      throw new DeltaException("column " + column + " is not there");
    }
    return reader;
  }
}
