package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;

/**
 * Values as their differences from what was predicted of them. The model is walked in the same way
 * by the maker, which knows each value and writes the difference, and by the applier, which reads
 * the difference and gets to know the value.
 */
interface Residuals {
  /**
   * Codes a number.
   *
   * @param predicted what is expected
   * @param actual the value; ignored when reading
   * @param most the value is in 0 to this, unsigned
   * @return the value
   * @throws DeltaException if what was read is out of range, or the column has ended; when writing,
   *     if the value is out of the range that the model has for it
   */
  long number(Column column, long predicted, long actual, long most) throws DeltaException;

  /**
   * Codes a text without NULs.
   *
   * @param actual the text; ignored when reading
   */
  byte[] text(Column column, byte[] actual) throws DeltaException;

  /** Whether values are read, so that {@code actual} has no meaning. */
  boolean reads();
}
