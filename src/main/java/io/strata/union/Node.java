package io.strata.union;

import io.strata.fuse.FileSystem;
import io.strata.posix.Stat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of the union, of any type: what FUSE calls an inode. It keeps its id and its st_ino when
 * it is copied up, renamed, or loses its last name.
 */
final class Node {
  /** Where a name of this node stands. */
  record Link(Node parent, Name name) {}

  /** Unique among the nodes of the table. It follows from the st_ino, unless another has that. */
  long id;

  /** Tells its file from others that have had its id: the generation in file handles. */
  final int generation;

  /** The st_ino that its file has of its own: {@link #shownInode} unless another file has it. */
  final long inode;

  /** Its type bits ({@code S_IFMT}). */
  final int type;

  /** Guards the copying up of this file's data; taken before the name lock. */
  final Object copyUp = new Object();

  // The lock of NodeTable guards these.

  /** How often the kernel looked it up. */
  long lookups;

  /** The names below it that lead to nodes in the table; null while there are none. */
  @Nullable Map<Name, Node> children;

  /** The names known to lead here; others may be found later. */
  final List<Link> links = new ArrayList<>(1);

  // The name lock guards these; written only under the exclusive one.

  /** Whether the upper layer has it. Never turns false again. */
  volatile boolean inUpper;

  /** Whether a regular file's data is there too, and not below. Never turns false again. */
  volatile boolean dataInUpper;

  /** What an upper file is shown to be while its data is filled in; else null. */
  @Nullable KeptMetadata kept;

  /** The backing inode number in the upper, if it is there. */
  long upperInode;

  /** What lies below: of a directory all that are merged, topmost first; of a file at most one. */
  List<Lower> lowers;

  /** What overlay.redirect says of a directory or a metacopy in the upper, or null. */
  byte @Nullable [] redirect;

  /** Its name in the index, by which it is reached, if it is a lower file of several names. */
  byte @Nullable [] indexName;

  /** How many names more than its backing file the union gives it. */
  int linkDifference;

  /** An O_PATH descriptor of a file in the upper without a known name, or -1. */
  int pin = -1;

  /** What nobody may do with it, see {@link Protection}; mostly 0. */
  int protection;

  /** A directory that was removed: nothing can be made in it. */
  boolean removed;

  /** It came to its name by copy-up, and nobody has asked yet for that to be on disk. */
  volatile boolean unsynced;

  /** A lower file whose last name went. */
  boolean nameless;

  /** The directory's upper bears overlay.impure already. */
  boolean impure;

  /** How many directories are in it, or -1 while nobody has counted. */
  volatile int subdirectories = -1;

  /** What is in the directory, once somebody has listed it. */
  volatile @Nullable DirectoryListing listing;

  /** Whether new files inherit an ACL from the directory: null while nobody has looked. */
  volatile @Nullable Boolean defaultAcl;

  /** Counts the attributes that were set through us. */
  private volatile int xattrChanges;

  /** What {@link #xattrChanges} was when the file was seen to have no capability, or -1. */
  private volatile int withoutCapability = -1;

  /** Of a directory in the upper. */
  final DescriptorSlot slot = new DescriptorSlot();

  Node(long inode, int generation, int type, List<Lower> lowers) {
    this.id = LayerIds.nodeOf(inode);
    this.generation = generation;
    this.inode = inode;
    this.type = type;
    this.lowers = lowers;
  }

  /** The node of what the lower layers show together. */
  static Node of(List<Lower> lowers) {
    Lower lower = lowers.getFirst();
    Node node = new Node(lower.inode(), lower.handleGeneration(), lower.type(), lowers);
    node.protection = lower.protection();
    return node;
  }

  /** The root: its id and its generation are the kernel's. */
  static Node root(List<Lower> lowers) {
    Node root = new Node(lowers.getFirst().inode(), 0, Stat.S_IFDIR, lowers);
    root.id = FileSystem.ROOT;
    return root;
  }

  /** Whether a node that was found just now, and has the same id, is of this very file. */
  boolean isSameFile(Node found) {
    return inUpper
        ? found.inUpper && found.upperInode == upperInode
        : !found.inUpper && found.lower().isSameFile(lower());
  }

  /** Its st_ino. */
  long shownInode() {
    return id == FileSystem.ROOT ? inode : LayerIds.inodeOf(id);
  }

  /** Whether there is a lower file that it is, or was, a copy of. */
  boolean isCopy() {
    return LayerIds.layerOf(inode) != LayerIds.UPPER;
  }

  boolean isDirectory() {
    return type == Stat.S_IFDIR;
  }

  boolean isRegular() {
    return type == Stat.S_IFREG;
  }

  boolean isLink() {
    return type == Stat.S_IFLNK;
  }

  /** Whether it was made in the upper, and is no copy of something below. */
  boolean isBornHere() {
    return inUpper && LayerIds.layerOf(inode) == LayerIds.UPPER;
  }

  /**
   * Whether it is in the upper and below: its entries are merged, and moving it needs a redirect.
   */
  boolean isMerged() {
    return inUpper && !lowers.isEmpty();
  }

  /** The topmost file below; there is one wherever the upper has none. */
  Lower lower() {
    return lowers.getFirst();
  }

  Map<Name, Node> childrenForWriting() {
    if (children == null) {
      children = new HashMap<>(8);
    }
    return children;
  }

  /** What to give {@link #seenWithoutCapability}; to be asked for before looking. */
  int xattrChanges() {
    return xattrChanges;
  }

  /** An attribute was set, whichever. */
  void xattrChanged() {
    synchronized (slot) {
      xattrChanges++;
    }
  }

  /** The file had no security.capability after {@code changes}, which is all that can bring one. */
  void seenWithoutCapability(int changes) {
    withoutCapability = changes;
  }

  /** Whether it is known to have no security.capability, which the kernel asks for all the time. */
  boolean hasNoCapability() {
    return withoutCapability == xattrChanges;
  }

  /** The first known name. */
  @Nullable Link link() {
    return links.isEmpty() ? null : links.getFirst();
  }
}
