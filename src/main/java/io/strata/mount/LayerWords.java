package io.strata.mount;

import java.util.List;
import java.util.Optional;

/**
 * The layers that {@code -o} names, for who has nothing but words: a line of fstab. They mean what
 * the long options of {@code strata mount} do.
 *
 * @param upper {@code upper=DIR}
 * @param work {@code work=DIR}
 * @param lowers {@code lower=IMAGE-OR-DIR}, topmost first
 */
public record LayerWords(Optional<String> upper, Optional<String> work, List<String> lowers) {
  /** None named. */
  public static final LayerWords NONE =
      new LayerWords(Optional.empty(), Optional.empty(), List.of());

  public LayerWords {
    lowers = List.copyOf(lowers);
  }
}
