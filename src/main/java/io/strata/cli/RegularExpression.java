package io.strata.cli;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A regular expression of Java's. */
final class RegularExpression implements ITypeConverter<Pattern> {
  @Override
  public Pattern convert(String value) {
    try {
      return Pattern.compile(value);
    } catch (PatternSyntaxException e) {
      throw new TypeConversionException(
          "'" + value + "' is no regular expression: " + e.getDescription());
    }
  }
}
