package io.strata.cli;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code ADDRESS:PORT}, {@code [V6]:PORT}, {@code :PORT} (all addresses) or {@code PORT}. */
final class ListenAddress implements ITypeConverter<InetSocketAddress> {
  private static final Pattern FORM =
      Pattern.compile("(?:(?:\\[([0-9A-Fa-f:.%]+)\\]|([^:\\[\\]]*)):)?([0-9]{1,5})");

  private static final int MAX_PORT = 65_535;

  @Override
  public InetSocketAddress convert(String value) {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MAX_PORT) {
      throw new TypeConversionException(
          "'" + value + "' is no address, such as 127.0.0.1:8080, [::1]:8080 or :8080");
    }
    int port = Integer.parseInt(matcher.group(3));
    if (matcher.group(1) != null) {
      return known(new InetSocketAddress(matcher.group(1), port), value);
    }
    if (matcher.group(2) == null) {
      return new InetSocketAddress(ServeCommand.LOCAL, port);
    }
    return matcher.group(2).isEmpty()
        ? new InetSocketAddress(port)
        : known(new InetSocketAddress(matcher.group(2), port), value);
  }

  private static InetSocketAddress known(InetSocketAddress address, String value) {
    if (address.isUnresolved()) {
      throw new TypeConversionException("'" + value + "': there is no such host");
    }
    return address;
  }
}
