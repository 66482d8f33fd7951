package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.util.EnumMap;
import java.util.Map;

/** Writes columns. */
final class ResidualWriter implements Residuals {
  private final Map<Column, ByteWriter> columns = new EnumMap<>(Column.class);
  private long surprises;

  @Override
  public long number(Column column, long predicted, long actual, long most) throws DeltaException {
    if (Long.compareUnsigned(actual, most) > 0) {
      throw new DeltaException("the model has no " + column + " of " + actual);
    }
    long difference = actual - predicted;
    surprises += difference == 0 ? 0 : 1;
    column(column).varint((difference << 1) ^ (difference >> (Long.SIZE - 1)));
    return actual;
  }

  /** A number that has no prediction. */
  void plain(Column column, long value) {
    column(column).varint((value << 1) ^ (value >> (Long.SIZE - 1)));
  }

  @Override
  public byte[] text(Column column, byte[] actual) throws DeltaException {
    for (byte b : actual) {
      if (b == 0) {
        throw new DeltaException("the model has no " + column + " with a NUL");
      }
    }
    surprises++;
    column(column).bytes(actual).u8(0);
    return actual;
  }

  /** Bytes as they are. */
  void bytes(Column column, byte[] bytes) {
    column(column).bytes(bytes);
  }

  @Override
  public boolean reads() {
    return false;
  }

  /** How many values were not as predicted. */
  long surprises() {
    return surprises;
  }

  /** What was written to a column. */
  byte[] content(Column column) {
    return column(column).toByteArray();
  }

  /** All columns, empty ones too. */
  Map<Column, byte[]> contents() {
    Map<Column, byte[]> contents = new EnumMap<>(Column.class);
    for (Column column : Column.values()) {
      contents.put(column, content(column));
    }
    return contents;
  }

  /** Takes over all that {@code other} holds. */
  void append(ResidualWriter other) {
    other.columns.forEach((column, bytes) -> column(column).bytes(bytes.toByteArray()));
  }

  private ByteWriter column(Column column) {
    return columns.computeIfAbsent(column, c -> new ByteWriter());
  }
}
