package io.strata.union;

/** Hears of damage in an image that made an operation fail with EIO. Called from any thread. */
@FunctionalInterface
public interface DamageLog {
  /**
   * @param image the image's name, as the user knows it
   * @param damage what is damaged: structure, byte offset, what is wrong with it; one line
   */
  void damaged(String image, String damage);
}
