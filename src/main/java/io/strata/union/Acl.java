package io.strata.union;

/** The names of POSIX ACLs among the extended attributes (linux/posix_acl_xattr.h). */
final class Acl {
  static final byte[] ACCESS = OverlayXattrs.bytes("system.posix_acl_access");
  static final byte[] DEFAULT = OverlayXattrs.bytes("system.posix_acl_default");

  private Acl() {}
}
