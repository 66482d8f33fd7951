package io.strata.fuse.libfuse;

import jnr.ffi.annotations.Delegate;

/**
 * The shapes of libfuse's callbacks, by the types of their arguments: {@code Word} is 64 bits (an
 * address, {@code size_t}, {@code off_t}, {@code dev_t}), {@code Int} 32 bits. All give 0 or more,
 * or a negated errno. Public since jnr-ffi generates code that calls them.
 */
public final class Callbacks {
  private Callbacks() {}

  /** {@code (word)}. */
  @FunctionalInterface
  public interface Words1 {
    @Delegate
    int call(long first);
  }

  /** {@code (word, word)}. */
  @FunctionalInterface
  public interface Words2 {
    @Delegate
    int call(long first, long second);
  }

  /** {@code (word, word, word)}. */
  @FunctionalInterface
  public interface Words3 {
    @Delegate
    int call(long first, long second, long third);
  }

  /** {@code (word, word, word, word)}. */
  @FunctionalInterface
  public interface Words4 {
    @Delegate
    int call(long first, long second, long third, long fourth);
  }

  /** {@code (word, word, word, word, word)}. */
  @FunctionalInterface
  public interface Words5 {
    @Delegate
    int call(long first, long second, long third, long fourth, long fifth);
  }

  /** {@code (word, int)}. */
  @FunctionalInterface
  public interface WordInt {
    @Delegate
    int call(long first, int second);
  }

  /** {@code (word, int, int)}. */
  @FunctionalInterface
  public interface WordIntInt {
    @Delegate
    int call(long first, int second, int third);
  }

  /** {@code (word, int, word)}. */
  @FunctionalInterface
  public interface WordIntWord {
    @Delegate
    int call(long first, int second, long third);
  }

  /** {@code (word, int, word, word, word)}. */
  @FunctionalInterface
  public interface WordIntWords3 {
    @Delegate
    int call(long first, int second, long third, long fourth, long fifth);
  }

  /** {@code (word, int, word, word, int, word)}: ioctl. */
  @FunctionalInterface
  public interface WordIntWords2IntWord {
    @Delegate
    int call(long first, int second, long third, long fourth, int fifth, long sixth);
  }

  /** {@code (word, word, word, word, int)}. */
  @FunctionalInterface
  public interface Words4Int {
    @Delegate
    int call(long first, long second, long third, long fourth, int fifth);
  }

  /** {@code (word)} that gives a word: init. */
  @FunctionalInterface
  public interface WordToWord {
    @Delegate
    long call(long first);
  }
}
