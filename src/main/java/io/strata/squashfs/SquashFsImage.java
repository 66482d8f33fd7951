package io.strata.squashfs;

import io.strata.codec.Decompressor;
import io.strata.codec.Decompressors;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * An open SquashFS 4.0 image.
 *
 * <p>Thread-safe. All methods that read throw {@link CorruptImageException} where the image is
 * damaged, and another IOException where it can't be read; both leave everything else readable.
 */
public final class SquashFsImage implements AutoCloseable {
  /** What {@link #lookup} gives for a name that is not there. */
  public static final long NOT_FOUND = -1;

  private final ImageFile file;
  private final Superblock superblock;
  private final int identity;
  private final MetadataCache metadata;
  private final ImageTables tables;
  private final InodeReader inodeReader;
  private final InodeCache inodeCache;
  private final EntryCheck entryCheck;
  private final BlockLoader loader;
  private final BlockCache blocks;
  private final FileReader files;
  private final ReadAhead readAhead;
  private final ThreadLocal<MetadataCursor> inodeCursors;
  private final ThreadLocal<DirectoryCursor> lookups;
  private final Object numbersLock = new Object();
  private @Nullable InodeNumbers numbers; // guarded by numbersLock

  private SquashFsImage(ImageFile file, ImageOptions options) throws IOException {
    this.file = file;
    NativeBuffer head = readHead(file);
    this.superblock = Superblock.read(head.bytes(), file);
    this.identity = checksum(head);
    Decompressor decompressor = Decompressors.of(superblock.compression());
    MetadataReader metadataReader = new MetadataReader(file, decompressor);
    this.metadata = new MetadataCache(metadataReader, options.metadataCacheBytes());
    this.tables = new ImageTables(file, metadata, superblock);
    int blockSize = superblock.blockSize();
    this.inodeReader = new InodeReader(tables.inodes, tables.ids, superblock);
    this.inodeCache = new InodeCache(options.inodeCacheEntries());
    this.entryCheck = newEntryCheck(DirectoryPlaces.MAX);
    this.loader = new BlockLoader(file, decompressor, superblock);
    this.blocks = new BlockCache(loader, options.cacheBytes());
    this.files = new FileReader(tables.inodes, tables.fragments, blocks, blockSize);
    this.readAhead =
        new ReadAhead(inodeReader, tables.inodes, tables.fragments, blocks, blockSize, options);
    this.inodeCursors = ThreadLocal.withInitial(tables.inodes::cursor);
    this.lookups = ThreadLocal.withInitial(this::newDirectoryCursor);
  }

  private static NativeBuffer readHead(ImageFile file) throws IOException {
    NativeBuffer bytes = NativeBuffer.allocate(Superblock.SIZE);
    int got = file.readUpTo(0, Superblock.SIZE, bytes, 0);
    if (got < Superblock.SIZE && bytes.bytes().getInt(0) == Superblock.SQUASHFS_MAGIC) {
      throw file.corrupt("superblock", got, "the image is truncated: it ends here");
    }
    return bytes;
  }

  private static int checksum(NativeBuffer head) {
    CRC32 checksum = new CRC32();
    checksum.update(head.bytes().slice(0, Superblock.SIZE));
    return (int) checksum.getValue();
  }

  /** Opens {@code path} with {@link ImageOptions#defaults}. */
  public static SquashFsImage open(Path path) throws IOException {
    return open(path, ImageOptions.defaults());
  }

  /**
   * Opens the image in the file or block device {@code path}.
   *
   * @throws CorruptImageException if it is not a SquashFS 4.0 image, or is truncated, or its root
   *     can't be read
   * @throws IOException if the file can't be opened or read
   */
  public static SquashFsImage open(Path path, ImageOptions options) throws IOException {
    ImageFile file = ImageFile.open(Posix.system(), path);
    OptionalLong offset = options.offset();
    try {
      return offset.isPresent()
          ? ImageSearch.openAt(file, offset.getAsLong(), found -> open(found, options))
          : ImageSearch.open(file, found -> open(found, options));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static SquashFsImage open(ImageFile file, ImageOptions options) throws IOException {
    SquashFsImage image = new SquashFsImage(file, options);
    image.root();
    return image;
  }

  /**
   * The positions at which the parts of the image begin, in ascending order: superblock, data
   * blocks, fragments, the metadata blocks of all tables and their indexes; the first is 0 and the
   * last is where the file ends. Reads all inodes.
   *
   * @throws CorruptImageException if a table can't be read
   */
  public long[] borders() throws IOException {
    return new ImageLayout(file, superblock, tables, inodeReader).borders();
  }

  /** Ends read-ahead and closes the file once no read is under way; later reads fail. */
  @Override
  public void close() {
    readAhead.close();
    file.close();
  }

  /** The file, as it was named when opened. */
  public Path path() {
    return file.path();
  }

  /** Where in the file the image begins, in bytes. */
  public long offset() {
    return file.offset();
  }

  /** The size of the file or block device, in bytes. */
  public long fileSize() {
    return file.offset() + file.size();
  }

  /** The head of the image. */
  public Superblock superblock() {
    return superblock;
  }

  /**
   * Tells this image from others, which is to say its references from theirs: a checksum of the
   * superblock, with the time when the image was made, its length and its counts.
   */
  public int identity() {
    return identity;
  }

  /**
   * Tells this image from any other, also from one that differs in a file's bytes only, unless that
   * is one of hundreds of KiB between two samples: 64 hexadecimal digits of a SHA-256. Reads all
   * tables.
   */
  public String fingerprint() throws IOException {
    return Fingerprint.of(file, superblock);
  }

  /** What the compressor was told, by the format's names; empty if that is not in the image. */
  public SequencedMap<String, Integer> compressorOptions() throws IOException {
    return CompressorOptions.read(file, superblock);
  }

  /** The reference of the root directory. */
  public long rootReference() {
    return superblock.rootInode();
  }

  /** The root directory. */
  public DirectoryInode root() throws IOException {
    Inode root = inode(rootReference());
    if (root instanceof DirectoryInode directory) {
      return directory;
    }
    throw file.corrupt("superblock", 32, "the root is not a directory");
  }

  /**
   * The inode at {@code reference}. One that was read lately comes from a cache and costs nothing.
   */
  public Inode inode(long reference) throws IOException {
    Inode inode = inodeCache.get(reference);
    if (inode == null) {
      inode = inodeReader.read(reference, inodeCursors.get());
      inodeCache.put(inode);
    }
    return inode;
  }

  /**
   * The inode of the entry that a cursor stands on.
   *
   * @throws CorruptImageException also if entry and inode contradict each other, or it is a
   *     directory that was met under another name: no walk through directories is endless
   */
  public Inode inode(DirectoryCursor entry) throws IOException {
    Inode inode = inode(entry.reference());
    entryCheck.check(entry, inode);
    return inode;
  }

  /** Whether the image has an export table. */
  public boolean isExportable() {
    return tables.exports != null;
  }

  /**
   * The reference of the inode with number {@code inodeNumber}: through the export table, and in an
   * image without one by a pass over the inode table, which is made once and remembered.
   *
   * @return {@link #NOT_FOUND} if there is no such inode; without an export table also if it stands
   *     behind a damaged one, or its number is beyond four millions
   * @throws CorruptImageException also if the table leads to another inode, or if without a table
   *     there are several of that number
   */
  public long referenceOf(long inodeNumber) throws IOException {
    IndexedTable exports = tables.exports;
    if (exports == null) {
      return numbers().reference(inodeNumber);
    }
    if (inodeNumber < 1 || inodeNumber > exports.count()) {
      return NOT_FOUND;
    }
    long reference = exports.s64(inodeNumber - 1, 0);
    if (inode(reference).inodeNumber() != inodeNumber) {
      throw exports.corrupt(inodeNumber - 1, "it leads to another inode for " + inodeNumber);
    }
    return reference;
  }

  private InodeNumbers numbers() throws IOException {
    synchronized (numbersLock) {
      if (numbers == null) {
        numbers = InodeNumbers.read(inodeReader, tables.inodes, superblock.inodes());
      }
      return numbers;
    }
  }

  /**
   * Whether an inode begins at {@code reference}, which may be any number at all. False for what is
   * no inode, even if it happens to look like one, wherever the image's tables tell.
   */
  public boolean isInode(long reference) throws IOException {
    long number;
    try {
      number = inode(reference).inodeNumber();
    } catch (CorruptImageException e) {
      return false;
    }
    long known = referenceOf(number);
    return known == reference || (known == NOT_FOUND && !isExportable() && !numbers().isComplete());
  }

  /**
   * The reference of the directory above {@code directory}; of the root itself above the root.
   *
   * @return {@link #NOT_FOUND} if the image does not tell
   */
  public long parentOf(DirectoryInode directory) throws IOException {
    if (directory.reference() == rootReference()) {
      return rootReference();
    }
    long found = referenceOf(directory.parentInode());
    boolean right =
        found != NOT_FOUND
            && inode(found) instanceof DirectoryInode parent
            && parent.inodeNumber() == directory.parentInode();
    return right ? found : NOT_FOUND;
  }

  /**
   * Finds a name in a directory.
   *
   * @return the reference of its inode, or {@link #NOT_FOUND}
   * @throws CorruptImageException as {@link #inode(DirectoryCursor)}
   */
  public long lookup(DirectoryInode directory, byte[] name) throws IOException {
    DirectoryCursor cursor = lookups.get();
    return cursor.find(directory, name) ? inode(cursor).reference() : NOT_FOUND;
  }

  /** A check of entries that remembers the places of so many directories. */
  EntryCheck newEntryCheck(int directories) {
    DirectoryPlaces places = new DirectoryPlaces(directories);
    return new EntryCheck(superblock.rootInode(), tables, places, this::referenceOf);
  }

  TableVerifier newTableVerifier(VerifyTally tally) {
    return new TableVerifier(tables, inodeReader, loader, tally);
  }

  /** A cursor over the inode table. */
  MetadataCursor newInodeCursor() {
    return tables.inodes.cursor();
  }

  /** A cursor over directories of this image, to be set with {@link DirectoryCursor#open}. */
  public DirectoryCursor newDirectoryCursor() {
    return tables.newDirectoryCursor();
  }

  /** The target of a symbolic link: 1 to 4095 bytes without NUL. */
  public byte[] symlinkTarget(SymlinkInode link) throws IOException {
    return inodeReader.target(link, inodeCursors.get());
  }

  /**
   * Reads from a file.
   *
   * @param offset where in the file to begin, in bytes
   * @param length how many bytes are wanted
   * @param target takes the bytes from {@code targetOffset} on; what lies behind those that were
   *     read is left as it was
   * @return how many bytes were read: fewer than {@code length} only at the end of the file
   */
  public int read(FileInode inode, long offset, int length, NativeBuffer target, int targetOffset)
      throws IOException {
    if (offset < 0 || length < 0 || targetOffset < 0) {
      throw new IllegalArgumentException("negative offset or length");
    }
    if (length > target.capacity() - targetOffset) {
      throw new IndexOutOfBoundsException("the target is too small for " + length + " bytes");
    }
    int count = (int) Math.min(length, Math.max(inode.size() - offset, 0));
    if (count > 0) {
      readAhead.onRead(inode, offset, count);
      files.read(inode, offset, count, target, targetOffset);
    }
    return count;
  }

  /** The first offset from {@code offset} on that is not in a hole; -1 if there is none. */
  public long seekData(FileInode inode, long offset) throws IOException {
    return offset >= inode.size() ? -1 : files.seek(inode, offset, false);
  }

  /** The first offset from {@code offset} on in a hole, the file's end at last; -1 behind it. */
  public long seekHole(FileInode inode, long offset) throws IOException {
    return offset >= inode.size() ? -1 : files.seek(inode, offset, true);
  }

  /** The names of an inode's extended attributes, with their prefixes, without NUL. */
  public List<byte[]> xattrNames(Inode inode) throws IOException {
    XattrTable xattrs = xattrs(inode);
    return xattrs == null ? List.of() : xattrs.names(inode.xattrIndex());
  }

  /**
   * The value of an extended attribute; null if there is none of that name.
   *
   * @param name with its prefix, without NUL
   */
  public byte @Nullable [] xattr(Inode inode, byte[] name) throws IOException {
    XattrTable xattrs = xattrs(inode);
    return xattrs == null ? null : xattrs.value(inode.xattrIndex(), name);
  }

  /** Null if the inode has none. Without a table, what inodes say means nothing to the kernel. */
  private @Nullable XattrTable xattrs(Inode inode) {
    return inode.hasXattrs() ? tables.xattrs : null;
  }

  /**
   * What stat(2) gives as st_blocks on the kernel's mount of the image: units of 512 bytes, of a
   * file's bytes without its holes, and of the extended attributes.
   *
   * @throws CorruptImageException if the extended attributes are damaged
   */
  public long allocatedUnits(Inode inode) throws IOException {
    XattrTable xattrs = xattrs(inode);
    long attributes = xattrs == null ? 0 : (xattrs.size(inode.xattrIndex()) + 511) >>> 9;
    return attributes + (inode instanceof FileInode file ? file.allocatedUnits() : 0);
  }

  /** What the caches did so far. */
  public ImageStatistics statistics() {
    return new ImageStatistics(blocks.statistics(), metadata.statistics(), inodeCache.statistics());
  }
}
