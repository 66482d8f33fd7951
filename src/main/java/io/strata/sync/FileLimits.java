package io.strata.sync;

import io.strata.store.RepositoryState;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How large an image or a delta may be, and how long it may take. The index lists digests and no
 * sizes, so a mirror could keep a sync reading for ever, and fill the disk.
 *
 * @param most bytes, as the configuration has it; empty if it says nothing
 * @param unsaid bytes of a file whose length the mirror does not say beforehand
 * @param longest time from the first byte that a sync asks of a mirror; the next one goes on
 */
record FileLimits(OptionalLong most, long unsaid, Duration longest) {
  /** Where nothing is here to compare with. */
  private static final long UNSAID = 16L << 30;

  /** A snapshot may well be this much larger than the one before, at least when they are small. */
  private static final long TIMES = 8;

  private static final long SMALL = 64L << 20;

  /** At the lowest rate that passes, 40 MB; on a line that is no worse than a modem, 300 MB. */
  private static final Duration LONGEST = Duration.ofHours(12);

  /** What holds if nothing is known. */
  static final FileLimits DEFAULT = new FileLimits(OptionalLong.empty(), UNSAID, LONGEST);

  /** That of a repository of which these images are here. */
  static FileLimits of(RepositoryConfig config, RepositoryState state) {
    long largest =
        state.images().values().stream().mapToLong(image -> image.stamp().size()).max().orElse(0);
    long grown = Math.max(SMALL, TIMES * Math.min(largest, Long.MAX_VALUE / TIMES));
    long unsaid = config.maxSize().orElse(largest == 0 ? UNSAID : grown);
    return new FileLimits(config.maxSize(), unsaid, LONGEST);
  }

  /**
   * Whether a file for which there is no space is as large as no snapshot may well be: then it is
   * the mirror that is to blame, and another one may do better.
   */
  boolean isIncredible(long length) {
    return most.isEmpty() && length > unsaid;
  }

  /**
   * Why an image is not made that has so many bytes: nobody has to send them for that, so there is
   * no other bound. Empty if it is.
   */
  Optional<Obstacle> refusal(long length) {
    return length <= unsaid
        ? Optional.empty()
        : Optional.of(
            new Obstacle(
                Failure.DOWNLOAD,
                "the block index is of an image of "
                    + length
                    + " bytes, and no snapshot here is nearly as large; raise"
                    + " sync-squashdelta-max-size if that is right"));
  }

  /** What is then wrong with it. */
  static String incredible(Obstacle lack) {
    return lack.why() + "; no snapshot here is nearly as large: is that a mirror?";
  }

  /**
   * Lets a length pass that a mirror says.
   *
   * @param address of the file, for the message
   */
  void check(String address, OptionalLong length) throws MirrorException {
    if (most.isPresent() && length.isPresent() && length.getAsLong() > most.getAsLong()) {
      throw new MirrorException(
          MirrorException.Kind.REFUSED,
          address
              + ": it has "
              + length.getAsLong()
              + " bytes, more than sync-squashdelta-max-size ("
              + most.getAsLong()
              + "); raise that, or use another mirror",
          null);
    }
  }
}
