package io.strata.fuse;

/**
 * The answer to a lookup, or to a call that makes a name: the node that the name leads to. Mutable
 * and reused.
 */
public final class Entry {
  /**
   * The node's id; 0 for a name that does not exist, when the kernel may remember that for {@link
   * #lifetime}.
   */
  public long node;

  /** Tells apart nodes that bore the same id one after the other. */
  public long generation;

  /** How long the kernel may keep the name, in nanoseconds. */
  public long lifetime;

  /** The node's attributes. */
  public final Attributes attributes = new Attributes();

  /** Back to zero, before the next reply. */
  public void clear() {
    node = generation = lifetime = 0;
    attributes.clear();
  }
}
