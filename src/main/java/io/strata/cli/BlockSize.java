package io.strata.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes, with K or M for 2^10 and 2^20. */
final class BlockSize implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String value) {
    String text = value.toUpperCase(Locale.ROOT);
    int shift = text.endsWith("K") ? 10 : text.endsWith("M") ? 20 : 0;
    String digits = shift == 0 ? text : text.substring(0, text.length() - 1);
    try {
      return Math.multiplyExact(Integer.parseInt(digits), 1 << shift);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new TypeConversionException("'" + value + "' is no number of bytes, such as 128K");
    }
  }
}
