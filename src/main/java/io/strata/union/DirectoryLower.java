package io.strata.union;

import static java.util.Objects.requireNonNull;

import io.strata.fuse.Attributes;
import io.strata.posix.Errno;
import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A file of a directory layer: reached through the descriptors of the directories above it. */
final class DirectoryLower implements Lower {
  private final DirectoryLayer layer;
  private final @Nullable DirectoryLower parent;
  private final Name name;
  private final long backingInode;
  private final long fileSystem;
  private final int type;
  private final int linkCount;
  private final int protection;
  private final boolean whiteout;
  private final @Nullable DescriptorSlot slot;
  private volatile @Nullable Boolean marked; // null while nobody has asked

  private DirectoryLower(
      DirectoryLayer layer, @Nullable DirectoryLower parent, Name name, Stat stat, boolean hides) {
    this.layer = layer;
    this.parent = parent;
    this.name = name;
    this.backingInode = stat.inode;
    this.fileSystem = Stat.makeDevice(stat.fileSystemMajor, stat.fileSystemMinor);
    this.type = stat.type();
    this.linkCount = stat.linkCount;
    this.protection = Protection.of(stat);
    this.whiteout = hides;
    this.slot = stat.isDirectory() ? new DescriptorSlot() : null;
  }

  /** The layer's root. */
  static DirectoryLower root(DirectoryLayer layer, Stat stat) {
    return new DirectoryLower(layer, null, Name.sharing(Place.SELF), stat, false);
  }

  @Override
  public long inode() {
    return layer.numbers().ids().inode(backingInode);
  }

  @Override
  public LayerIds layerIds() {
    return layer.ids();
  }

  @Override
  public int generation() {
    return layer.generation();
  }

  @Override
  public int handleGeneration() {
    return layer.numbers().generation();
  }

  @Override
  public boolean isSameFile(Lower other) {
    return other instanceof DirectoryLower file
        && (file.layer == layer || isLinkedAcross(file))
        && file.backingInode == backingInode
        && file.fileSystem == fileSystem;
  }

  /** Whether names in two layers can be those of one file. */
  private boolean isLinkedAcross(DirectoryLower other) {
    return linkCount > 1 && !isDirectory() && other.layer.numbers().equals(layer.numbers());
  }

  @Override
  public int type() {
    return type;
  }

  @Override
  public int linkCount() {
    return linkCount;
  }

  @Override
  public int protection() {
    return protection;
  }

  @Override
  public int openForFlags() throws ErrnoException {
    return place().open(NameCalls.O_RDONLY);
  }

  @Override
  public void attributes(Attributes attributes) throws ErrnoException {
    Stat stat = new Stat();
    place().stat(stat);
    StatAttributes.fill(stat, attributes);
    attributes.inode = inode();
  }

  @Override
  public @Nullable Lower child(Name child) throws ErrnoException {
    if (Whiteouts.isOpaqueFile(child.bytes())) {
      return null;
    }
    Stat stat = new Stat();
    Place place = new Place(posix(), directory(), child.bytes(), layer.overrides());
    try {
      place.stat(stat);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
    return new DirectoryLower(layer, this, child, stat, Whiteouts.is(place, stat));
  }

  @Override
  public boolean isMarked() throws ErrnoException {
    Boolean known = marked;
    if (known == null) {
      known = UpperMarks.any(place().xattrNames());
      marked = known;
    }
    return known;
  }

  @Override
  public boolean isWhiteout() {
    return whiteout;
  }

  @Override
  public boolean isOpaque() throws ErrnoException {
    return isMarked() && Whiteouts.isOpaque(place());
  }

  @Override
  public byte @Nullable [] redirect() throws ErrnoException {
    if (!isMarked()) {
      return null;
    }
    byte[] trusted = place().xattr(OverlayXattrs.PRIVILEGED.redirect());
    return trusted != null ? trusted : place().xattr(OverlayXattrs.UNPRIVILEGED.redirect());
  }

  @Override
  public void list(EntryVisitor visitor) throws ErrnoException {
    LayerIds ids = layer.numbers().ids();
    DirectoryReader.list(
        posix(),
        directory(),
        (entry, type, inode, file) -> {
          if (!Whiteouts.isOpaqueFile(entry.bytes())) {
            visitor.entry(entry, type, ids.inode(inode), null);
          }
        });
  }

  @Override
  public byte[] readLink() throws ErrnoException {
    return place().readLink();
  }

  @Override
  public LowerReader open() throws ErrnoException {
    return new DirectoryFileReader(posix(), place().open(NameCalls.O_RDONLY));
  }

  @Override
  public byte @Nullable [] xattr(byte[] attribute) throws ErrnoException {
    return place().xattr(attribute);
  }

  @Override
  public byte[] xattrNames() throws ErrnoException {
    return place().xattrNames();
  }

  @Override
  public @Nullable Origin kernelOrigin() throws ErrnoException {
    byte[] uuid = layer.uuid();
    if (uuid == null || parent == null || fileSystem != layer.device()) {
      return null;
    }
    try {
      byte[] handle = posix().names().handle(parent.directory(), name.bytes());
      return Origin.ofKernel(layer.ids(), uuid, handle);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.EOVERFLOW) {
        return null;
      }
      throw e;
    }
  }

  /** The layer that it is of. */
  DirectoryLayer layer() {
    return layer;
  }

  private Posix posix() {
    return layer.posix();
  }

  private Place place() throws ErrnoException {
    return parent == null
        ? Place.self(posix(), layer.rootDescriptor()).overriding(layer.overrides())
        : new Place(posix(), parent.directory(), name.bytes(), layer.overrides());
  }

  /** An O_PATH descriptor of this directory, opened downwards from the nearest open ancestor. */
  private int directory() throws ErrnoException {
    Deque<DirectoryLower> closed = new ArrayDeque<>();
    DirectoryLower at = this;
    int descriptor;
    while ((descriptor = at.cachedDescriptor()) < 0) {
      closed.push(at);
      at = requireNonNull(at.parent);
    }
    for (DirectoryLower next : closed) {
      descriptor = next.openIn(descriptor);
    }
    return descriptor;
  }

  private int cachedDescriptor() throws ErrnoException {
    if (parent == null) {
      return layer.rootDescriptor();
    }
    if (slot == null) {
      throw ErrnoException.of(Errno.ENOTDIR);
    }
    return layer.descriptors().get(slot);
  }

  private int openIn(int directory) throws ErrnoException {
    int flags = NameCalls.O_PATH | NameCalls.O_NOFOLLOW | NameCalls.O_DIRECTORY;
    int fd = posix().names().open(directory, name.bytes(), flags, 0);
    return layer.descriptors().install(requireNonNull(slot), fd);
  }
}
