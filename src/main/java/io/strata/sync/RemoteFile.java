package io.strata.sync;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a mirror says of a file without sending it.
 *
 * @param length bytes; empty if it does not say
 * @param ranges whether it says that it can send parts
 * @param validator by which the file is known to be the same later: an ETag in quotes, or a date
 * @param modified when it was last changed, as far as it says
 */
record RemoteFile(
    OptionalLong length, boolean ranges, Optional<String> validator, Optional<Instant> modified) {
  static final RemoteFile UNKNOWN =
      new RemoteFile(OptionalLong.empty(), false, Optional.empty(), Optional.empty());
}
