package io.strata.fuse;

/**
 * What a file system wants of its transport. A transport that can't give one of these goes without.
 *
 * @param readOnly nothing ever changes: no opens, no writes, everything may be cached
 * @param writebackCache the kernel may keep written pages back
 * @param passthrough the kernel may read and write backing files itself
 * @param posixAcl the kernel checks POSIX ACLs; system.posix_acl_* are served as xattrs, and the
 *     file system applies the umask of {@link FileSystem} calls itself
 * @param export lookups of {@code .} and {@code ..} by node id work, for NFS
 * @param lifetime the longest of the lifetimes that its entries and attributes have, in
 *     nanoseconds: what a transport takes that has one for all of them
 */
public record Features(
    boolean readOnly,
    boolean writebackCache,
    boolean passthrough,
    boolean posixAcl,
    boolean export,
    long lifetime) {
  /** For a file system whose entries may live for ever. */
  public Features(
      boolean readOnly,
      boolean writebackCache,
      boolean passthrough,
      boolean posixAcl,
      boolean export) {
    this(readOnly, writebackCache, passthrough, posixAcl, export, Attributes.FOREVER);
  }

  /** For a mount that nobody can write to. */
  public static final Features READ_ONLY = new Features(true, false, false, false, false);
}
