package io.strata.cli;

import picocli.CommandLine.IVersionProvider;

/** The version, from the jar's manifest. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }

  /** The program's name and version. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "strata " + (version == null ? "(not packaged)" : version);
  }
}
