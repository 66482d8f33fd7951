package io.strata.fuse;

import java.util.List;

/**
 * How long requests took, from the moment that one was read from the kernel until its answer was
 * written.
 *
 * @param total all together, in nanoseconds
 * @param longest one, in nanoseconds
 * @param histogram how many took 2<sup>i</sup> nanoseconds or more, but less than twice that; empty
 *     where nothing was measured
 */
public record ServiceTimes(long total, long longest, List<Long> histogram) {
  /** Nothing measured. */
  public static final ServiceTimes NONE = new ServiceTimes(0, 0, List.of());

  public ServiceTimes {
    histogram = List.copyOf(histogram);
  }
}
