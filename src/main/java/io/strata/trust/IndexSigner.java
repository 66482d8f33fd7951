package io.strata.trust;

/** Signs indexes with one key. */
public interface IndexSigner {
  /** The fingerprint of the key, or of the primary key that it belongs to; upper-case hex. */
  String fingerprint();

  /** A reader that takes only what this key's certificate signed. */
  IndexReader ownReader();

  /**
   * The body in a clear-signed message, signed at this moment.
   *
   * @param body text; blanks at the ends of its lines are not part of what is signed
   */
  byte[] sign(byte[] body) throws KeyException;
}
