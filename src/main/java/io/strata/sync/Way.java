package io.strata.sync;

import java.util.Locale;

/** How the newest image gets here. */
public enum Way {
  /** It is here and current. */
  UP_TO_DATE("up to date"),
  /** It is here already; only the link is to be swapped. */
  PRESENT("already here"),
  /** It stays where a rollback put it, since the mirror has nothing newer yet. */
  HELD("held back by a rollback"),
  /** By one delta from an image here. */
  DELTA("delta"),
  /** By several deltas, over snapshots between an image here and the newest one. */
  CHAIN("chain of deltas"),
  /** Those parts of the image that no image here has, by ranges. */
  RANGES("missing parts"),
  /** The whole image. */
  FULL("full image");

  private final String words;

  Way(String words) {
    this.words = words;
  }

  /** For messages. */
  public String words() {
    return words;
  }

  /** Whether it makes another snapshot current than was. */
  public boolean brings() {
    return this != UP_TO_DATE && this != HELD;
  }

  /**
   * For scripts: {@code up-to-date}, {@code present}, {@code held}, {@code delta}, {@code chain},
   * {@code ranges}, {@code full}.
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
