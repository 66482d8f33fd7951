package io.strata.mount;

/**
 * How the switch of one mount ended.
 *
 * @param entry the mount, as it was before
 * @param outcome how it ended
 * @param message for the user; empty where there is nothing to say
 */
public record SwitchResult(RegistryEntry entry, Outcome outcome, String message) {
  /** How a switch ends. */
  public enum Outcome {
    /** The mount is on the new snapshot. */
    SWITCHED,
    /** It was on it already. */
    UNCHANGED,
    /** Somebody uses it; it stays on the old snapshot until the next sync or mount. */
    BUSY,
    /** The new snapshot can't be mounted; it stays on the old one if that could be had again. */
    FAILED,
    /** Its server is dead. */
    DEAD
  }
}
