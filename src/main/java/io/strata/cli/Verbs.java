package io.strata.cli;

import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes the objects that picocli fills: verbs get what they need by their constructors. */
final class Verbs implements IFactory {
  private final IFactory others = CommandLine.defaultFactory();
  private final ServerAhead ahead;

  Verbs(ServerAhead ahead) {
    this.ahead = ahead;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    return type == MountCommand.class ? type.cast(new MountCommand(ahead)) : others.create(type);
  }
}
