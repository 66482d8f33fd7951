package io.strata.publish;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the formats of a publication's deltas: those that are demanded, or else those that can be
 * made here and are of use. What is left out is said, once. For one publication.
 */
final class FormatChoice {
  private final List<DeltaFormat> formats;
  private final DeltaOptions options;
  private final PublishListener listener;
  private final Set<String> said = new HashSet<>();

  FormatChoice(List<DeltaFormat> formats, DeltaOptions options, PublishListener listener) {
    this.formats = formats;
    this.options = options;
    this.listener = listener;
  }

  /**
   * The formats for which nothing is missing here.
   *
   * @throws PublishException if one of them is demanded
   */
  List<DeltaFormat> available() throws PublishException {
    List<DeltaFormat> available = new ArrayList<>();
    for (DeltaFormat format : formats) {
      if (options.demanded().isEmpty() || isDemanded(format)) {
        Optional<String> missing = format.missing();
        if (missing.isEmpty()) {
          available.add(format);
        } else if (isDemanded(format)) {
          throw new PublishException(missing.get());
        } else {
          say(format, missing.get());
        }
      }
    }
    return available;
  }

  /** Whether a delta between these images is made in a format. */
  boolean suits(DeltaFormat format, Path source, Path target) throws IOException {
    Optional<String> refusal =
        isDemanded(format) ? Optional.empty() : format.refusal(source, target);
    refusal.ifPresent(why -> say(format, why));
    return refusal.isEmpty();
  }

  boolean isDemanded(DeltaFormat format) {
    return options.demanded().contains(format.kind());
  }

  private void say(DeltaFormat format, String why) {
    String line = "no " + format.kind().suffix() + " is made: " + why;
    if (said.add(line)) {
      listener.note(line);
    }
  }
}
