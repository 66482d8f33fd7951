package io.strata.mount;

import java.util.List;
import java.util.Optional;

/**
 * The layers that {@code -o} names, for who has nothing but words: a line of fstab. They mean what
 * the long options of {@code strata mount} do.
 *
 * @param upper {@code upper=DIR}
 * @param work {@code work=DIR}
 * @param stack {@code lowerdir=A:B} or {@code lowerdir+=A,lowerdir+=B}, topmost first: all the
 *     lower layers, as overlayfs has it, so that what the mount's source is called means nothing
 * @param data {@code lowerdir=A::B::C} or {@code datadir+=B,datadir+=C}: those under the stack of
 *     which only data shows
 * @param lowers {@code lower=IMAGE-OR-DIR}, topmost first
 */
public record LayerWords(
    Optional<String> upper,
    Optional<String> work,
    List<String> stack,
    List<String> data,
    List<String> lowers) {
  /** None named. */
  public static final LayerWords NONE =
      new LayerWords(Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());

  public LayerWords {
    stack = List.copyOf(stack);
    data = List.copyOf(data);
    lowers = List.copyOf(lowers);
  }
}
