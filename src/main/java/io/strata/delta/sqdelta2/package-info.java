/**
 * The {@code .sqdelta2} format, version 1, both ways. This text is the specification: a decoder can
 * be written from it.
 *
 * <h2>Terms</h2>
 *
 * <p><em>Source</em> and <em>target</em> are the image before and after. A <em>tile</em> is a
 * stretch of an image between its superblock and its inode table: a data block, a fragment block,
 * or a gap, which is neither. A <em>segment</em> is a stretch of the metadata behind: a table of
 * metadata blocks, the index of one, or a gap. The <em>content</em> is the uncompressed bytes of
 * those tiles of the target that the source lacks, in order; a <em>frame</em> is a part of it that
 * is compressed on its own. A <em>column</em> is a stream of numbers or texts of one kind. The
 * <em>model</em> predicts the inodes and directories of the target from what is known before;
 * columns hold the differences. A <em>way</em> is an algorithm with its parameters.
 *
 * <h2>Notation</h2>
 *
 * <p>Integers are little-endian and unsigned: u8, u16, u32, u64. A <em>varint</em> has seven bits
 * in each byte, the lowest first, and the highest bit set in all bytes but the last one; at most 64
 * bits. A number <em>in a column</em> is a varint z that stands for the signed difference d between
 * the value and what is predicted of it: d = z / 2 if z is even, -(z + 1) / 2 if odd. The value is
 * taken modulo 2^64. Where nothing else is said, 0 is predicted. A <em>text</em> is bytes up to a
 * NUL, which follows. A <em>zstd frame</em> is a frame of RFC 8878 without its magic number, with
 * any content as raw dictionary: its last byte is one byte before the frame's first, and no entropy
 * tables are taken from it.
 *
 * <h2>File</h2>
 *
 * <pre>
 *   0  8 bytes  89 53 51 44 32 0d 0a 1a
 *   8  u16      version, 1
 *  10  u16      flags, 0
 *  12  u32      number of columns, 62
 *  16  u64      length of the source
 *  24  u64      length of the target
 *  32  32 bytes SHA-256 of the source
 *  64  32 bytes SHA-256 of the target
 *  96  u8       logarithm of the target's block size, 12 to 20
 *  97  u8       w, number of ways, at most 16
 *  98  u16      0
 * 100  u32      0, or 1 and the number of a tile of the source: the probe
 * 104  w times  u8 algorithm as in a superblock (1 gzip, 3 lzo, 4 xz, 5 lz4, 6 zstd)
 *               u8 level (gzip, lzo 1-9; lz4 0, or 1-12 for HC; zstd 1-22; xz 0)
 *               u8 option (gzip: strategy 0-4; lzo: 1 if lzo1x_optimize follows; xz: filter
 *               0-8, for tiles; it is 0 for metadata; else 0)
 *               u8 window (gzip: window bits 8-15; else 0)
 *               u32 dictionary (xz: bytes, for tiles; it is 8192 for metadata; else 0)
 *      u8 n, n bytes  the library that the maker's trials ran on, ASCII, for messages
 *      per column: varint uncompressed length, varint stored length
 *      per column: its bytes, as they are if the two lengths are the same, else a zstd frame
 *      frames of content, to the end of the file
 * </pre>
 *
 * <p>A way says which call gives a block's stored bytes, of a library as distributions have it:
 *
 * <ul>
 *   <li>gzip: {@code deflateInit2(level, Z_DEFLATED, window, 8, strategy)} of zlib, then {@code
 *       deflate(Z_FINISH)} once.
 *   <li>lzo: {@code lzo1x_999_compress_level} of LZO 2, without a dictionary; and {@code
 *       lzo1x_optimize}.
 *   <li>xz: {@code lzma_stream_buffer_encode} of liblzma with {@code LZMA_CHECK_CRC32} and the
 *       filter {@code LZMA_FILTER_LZMA2}, of {@code LZMA_PRESET_DEFAULT} but for its {@code
 *       dict_size}; before it, unless the option is 0, the filter without options whose id is 3
 *       more than the option: {@code LZMA_FILTER_X86} for 1.
 *   <li>lz4: {@code LZ4_compress_default} at level 0, else {@code LZ4_compress_HC}.
 *   <li>zstd: {@code ZSTD_compress}.
 * </ul>
 *
 * <p>Columns stand in the order of {@link io.strata.delta.sqdelta2.Column}. The dictionary of
 * column TEXT is the source's directory table, uncompressed; that of RAW is the source's id table,
 * xattr values and xattr ids, uncompressed, one after the other, and, if the target's inodes or
 * directories are raw, then also its fragment table, export table, directory table and inode table.
 * Dictionaries are cut off after 16 MiB. The other columns have none. Each column must be used up.
 *
 * <h2>What a decoder knows of the source</h2>
 *
 * <p>The segments: the tables of inodes (from the superblock's inode_table_start to
 * directory_table_start), directories (from there to the next segment), fragments, inode references
 * for export, ids, xattr ids (each from the first value of its index to where the index is), xattr
 * values (from where the 16 byte xattr header says to the first block of xattr ids, or to the
 * header if there are none), and the four indexes; that of xattr ids with the header before it. Of
 * a count of 0 there is neither table nor index. The image is <em>opaque</em> if that can't be
 * read: if a metadata block other than the last of its table does not hold 8192 bytes, or has no
 * bytes or more than 8192; if segments overlap or leave the image, an index names other blocks, a
 * table has another length than the superblock's counts say or more than 128 MiB, the inode table
 * has bytes behind its last inode, an inode has an unknown type, a listing leaves its table or
 * names what is no inode, or there are more than 2^21 inodes. Of an opaque image there are no
 * segments and no inodes, and its tiles reach to its end.
 *
 * <p>The tiles: all blocks of regular files in the order of the inode table, then all fragments in
 * the order of their table, of 1 byte to the block size, that lie between byte 96 and the inode
 * table; sorted by offset, those that were first stay first; of what overlaps the first one counts.
 * What is between them is gaps, cut into pieces of 128 KiB.
 *
 * <h2>Tiles and frames</h2>
 *
 * <p>LAYOUT: number of tiles of the target, from byte 96 on. Per tile TILE_KIND:
 *
 * <ul>
 *   <li>0: a copy of the source's tile that follows the one copied last; at first of tile 0.
 *   <li>1: compressed again. TILE_FORM: 0 data, 1 fragment. TILE_HOW: the way. TILE_PLAIN: length
 *       in the content, predicted is the block size. TILE_STORED: length in the image, predicted is
 *       that of the last tile of kind 1 or 2; 0 at first.
 *   <li>2: as it is in the content. TILE_FORM: 0 data, 2 fragment, 4 gap, 1 more if it is marked as
 *       uncompressed. TILE_STORED as above; the length in the content is the same.
 *   <li>3: a copy of another tile of the source. TILE_JUMP: which one, predicted is that of kind 0.
 * </ul>
 *
 * <p>A copy has the role and the mark of its source. Frames follow until all tiles of kinds 1 and 2
 * have their content. Per frame FRAME_TILES: how many of these it holds; FRAME_STORED: its length
 * in the file; DICTIONARY_SIZE: number of the source's tiles that are in its dictionary, and for
 * each DICTIONARY_TILE: which, predicted is one more than the last one, or 0.
 *
 * <p>A tile's <em>slot</em> has a length. That of a gap is its length, that of a fragment is the
 * block size of its image. That of another block of the source is what the file, by which it became
 * a tile, has left from there on, at most the block size; of the target it is the length in the
 * content. That of a copy is as long as its source's. A <em>member</em> is a stretch of bytes that
 * is whole in deflate's format (RFC 1951), as in a .gz file. The dictionary is the uncompressed
 * contents of its tiles, one after the other, each cut off after the length of its slot, or with
 * NULs up to it; behind them are its members inflated, in order. The <em>matter</em> of a frame is
 * its content without its members; behind that are these inflated, in order. MEMBERS: number of
 * members among the slots; for each MEMBER_AFTER: bytes from the end of the one before, or from 0;
 * MEMBER_STORED: its length; MEMBER_PLAIN: its length inflated; MEMBER_HOW and MEMBER_BLOCKS: 0.
 * Then the same for the members of the content, where MEMBERS, MEMBER_STORED and MEMBER_PLAIN have
 * as predictions the number of those of the dictionary, and the numbers of the one with the same
 * place in the order, 0 if there is none; MEMBER_HOW says which levels and memory levels make it: 0
 * for 9 and 9, 1 for 6 and 9, 2 for 9 and 8, 3 for 6 and 8, of zlib's {@code deflateInit2(level,
 * Z_DEFLATED, -15, memory level, Z_DEFAULT_STRATEGY)}; MEMBER_BLOCKS: how many times {@code
 * deflate(Z_BLOCK)} is called then, and for each time MEMBER_BLOCKS again: with how many bytes more
 * of the member inflated, at least one; then {@code deflate(Z_FINISH)} with the rest.
 *
 * <p>COPIES: number of copies in the matter. For each COPY_AFTER: bytes from the end of the one
 * before, or from 0, which are literal; COPY_LENGTH; COPY_FROM: where it starts in the dictionary,
 * predicted is where the one before ended there, or 0, and COPY_AFTER. What is behind the last copy
 * is literal too. If there are copies, COPY_EXPECTED: 1 if other addresses are expected in them,
 * else 0; and DIFFERENCES_STORED: how many of the frame's bytes are its differences: the bytes of
 * all copies less those that are expected of them, modulo 256. The rest is the literals. Both are a
 * zstd frame, or nothing if they have no bytes; that of the literals has the dictionary.
 *
 * <p>Expected of a copy are the bytes in the dictionary, but with 1 in COPY_EXPECTED for addresses.
 * The <em>place</em> of a byte is where it would be if all slots of its image stood one after the
 * other from 0 on. A <em>stretch</em> is what of a copy is in one slot of the dictionary, and in
 * one tile of the content with no member of the content in between. What is inflated has no place,
 * and is one part on either side, as a slot or a tile is. A <em>move</em> is the source's slot of a
 * tile that is copied, with its distance, the place in the target less that in the source; or a
 * stretch that has both places, with its distance. Of the moves of all tiles in order, and then of
 * the stretches of all frames in order, one that starts where the one before ended, with the same
 * distance, is a part of that. They are then sorted by their place in the source, those that were
 * first stay first. In a stretch of distance d whose first byte has the place a in the source, i
 * goes from 1 up, while i + 4 is at most its length. Be b the dictionary's byte at i - 1 of the
 * stretch. If b is e8 or e9, or b &amp; c7 is 05, or b &amp; f0 is 80 and i is at least 2 and the
 * byte at i - 2 is 0f, then r is the four bytes at i with a sign, and t is a + i + 4 + r. Of the
 * moves that start at or before t, the last 16 are looked at, the last one first; of those that end
 * behind t counts the one whose distance e is nearest to d, and of these the first one. If there is
 * one, the four bytes are expected to be r + e - d modulo 2^32, and i goes on by 4; else by 1.
 *
 * <h2>Segments</h2>
 *
 * <p>SEGMENTS: number of segments of the target, from the end of its tiles on. Per segment
 * SEGMENTS: twice its kind, and 1 if it is raw; then its uncompressed length, predicted is that of
 * the source's table of this kind. Kinds: 0 inodes, 1 directories, 2 fragments, 3 index of
 * fragments, 4 export, 5 index of export, 6 ids, 7 index of ids, 8 xattr values, 9 xattr ids, 10
 * header and index of xattr ids, 11 gap. Each but gaps is there at most once. Even kinds to 8, and
 * 1 and 9 have metadata blocks; for each METADATA_STORED: the u16 before it, predicted is the
 * source's word before the block of the same number in the table of the same kind, else the last
 * word, else 4096; and unless its bit 15 is set, METADATA_HOW: the way, or w if the stored bytes
 * are in RAW.
 *
 * <p>RAW has, for each segment in order, its uncompressed bytes if it is raw, then the stored bytes
 * of those of its blocks that no way gives back, if it is raw or not. Kinds 6, 8, 9 and 11 are
 * always raw. Others follow: indexes from the places of the blocks; the fragment table from the
 * tiles that are fragments, in order; the export table from the inodes; inodes and directories from
 * the model, which is there if there are inodes and neither of the two is raw. (Where no directory
 * has an entry there may be no directories.)
 *
 * <p>SUPERBLOCK: 96 bytes, to be combined by exclusive or with the source's superblock, in which
 * these fields were set if the target has segments: block size and log, the number of fragments and
 * ids by the lengths of their tables (0 if there is none), bytes_used to the end of the last
 * segment, and the starts: of inodes, directories, and the indexes of fragments, export, ids and
 * xattr ids, as far as there are such segments; those of xattrs and export to -1 if not; with a
 * model also the number of inodes and the reference of the root. What is between the last segment
 * and the end of the target is NUL.
 *
 * <h2>The model</h2>
 *
 * <p>LAYOUT goes on: number n of inodes; the record (number in the table, from 0) of the root,
 * predicted is n - 1; habits, bits 0 to 2. Then five walks over all records in order.
 *
 * <p>1. LIKE: 0, or 1 and the record of the source's inode that this one is <em>like</em>.
 * Predicted is the last one that was not 0, and 1; at first 1; 0 if that is more than there are.
 *
 * <p>2. Fields. TYPE, less 1: as that of the like; a file without. A like of another basic type is
 * ignored from here on, but for the time. MODE, UID, GID: as the like, else as the inode of that
 * basic type before it, else 0. TIME_HOW: 0 as the like (without one, as 1), 1 as the last one that
 * was another, 0 at first, 2 another, in TIME with that as prediction. Symbolic links, devices,
 * pipes, sockets: NLINK as the like, else 1. Texts: the target of a symbolic link; if there is a
 * like, TEXT_HOW first: 0 its target, 1 another, in TEXT. Devices: DEVICE as the like. Extended
 * directories: INDEXES, their number as that of the like, and their names, each as a text with the
 * like's name of the same index. Every extended inode at last: XATTR as the like, else 2^32 - 1.
 * Regular files:
 *
 * <ul>
 *   <li>SIZE as the like. A like of another size is ignored until SPARSE. TAIL: whether there is a
 *       fragment, as the like, else whether the size is between 0 and the block size.
 *   <li>HOLES: how many blocks are holes, as a like with as many blocks; if any, then for each
 *       block HOLES again, 1 for a hole. Without other blocks START is the start. Else FIRST_TILE:
 *       the tile of the first one. Predicted is the tile at which the first file was put whose like
 *       (of the same size and number of blocks) had the same start as this one's; else the first
 *       data tile behind the last block of the last file with blocks, or of all; if there is none,
 *       the number of tiles. Blocks that are no holes take tiles in order, whose lengths and marks
 *       are their size words.
 *   <li>With a fragment FRAGMENT_HOW: 0 where the first file was put whose like had the same
 *       fragment and offset as this one's, else next; 1 next; 2 another: FRAGMENT, predicted is
 *       that of next, and FRAGMENT_OFFSET. <em>Next</em> is the end of the last tail that was put
 *       at such an end or behind it (fragment 0, offset 0 at first); or the start of the next
 *       fragment if the tail does not fit the block size there. Without a fragment FRAGMENT_OFFSET.
 *   <li>Extended files: SPARSE as the like, NLINK as an extended like, else 1.
 * </ul>
 *
 * <p>3. Entries of directories. ENTRIES: their number, as the like. Per entry CHILD: its record.
 * <em>Orphans</em> are records that are in no directory yet, in order, and n at their end.
 * Predicted for the first of e entries is the e-th orphan before the directory itself; the first
 * orphan if there are fewer; the directory itself if it is no orphan. With habit bit 2 it is the
 * first orphan. For the others it is the orphan behind the last child that was one when it was
 * named; while there was none, as for the first. If the child has a like with a name in the source,
 * TEXT_HOW: 0 for that name, 1 for another in TEXT. Its name in the listing of the directory's like
 * comes before its first name of all, by the order of the inode table. A like is here what walk 1
 * said, of whatever type.
 *
 * <p>4. NUMBER: the inode number. Predicted is its place in a walk from the root that begins with 1
 * and counts each inode when it is first met, a directory before what is in it, and 0 for what is
 * not met; with habit bit 1 it is the record, and 1; plus the difference that the last one had.
 *
 * <p>5. Listings, one after the other without gaps. Per entry HEAD: 1 if a header stands before it.
 * Predicted at the start; after 256 entries; where the entry's inode is in another metadata block
 * than the first one's of the run; where its number differs from the header's by more than 16 bits
 * with a sign hold; and where the listing would become, with this entry, longer than 8192 bytes
 * beyond where the last header of this last kind began. HEAD_NUMBER: the number in the header,
 * predicted is that of the entry. Then DIRECTORY_START and DIRECTORY_OFFSET: where it is, the start
 * of a metadata block from that of the table, and the offset in the block; DIRECTORY_SIZE: 3 more
 * than the listing's length; DIRECTORY_NLINK: 2 and the number of directories in it, with habit bit
 * 0 of all entries; PARENT: the number of the last directory that it is in, or n + 1. Per index
 * entry INDEX_PLACE: where the header before the entry of that name begins in the listing, searched
 * from the one before, else 0; INDEX_START: where the metadata block begins that holds it.
 *
 * <h2>Decoding</h2>
 *
 * <p>A decoder checks the source's length and digest, compresses the probe with the first way and
 * compares, and then makes the target beside its place: each tile and block that is compressed must
 * have the length that is said. The target gets its name when its digest is right.
 *
 * <h2>Limits</h2>
 *
 * <p>{@link io.strata.delta.sqdelta2.Limits}: all columns 128 MiB, a table 128 MiB, all tables of
 * the target 384 MiB, a frame's content and its matter 4 MiB, a dictionary 16 MiB, 2^21 tiles and
 * inodes, 2^22 tiles in all dictionaries, and sixteen times the content and 16 MiB in their bytes,
 * 2^20 members with their MEMBER_BLOCKS, and 2^20 copies, in all frames, 2^12 segments. A decoder
 * holds the inodes of both images, all copies, and per core a frame, its dictionary, which is
 * copied once outside the heap, and a block.
 *
 * <h2>Locking and failures</h2>
 *
 * <p>{@link io.strata.delta.sqdelta2.Sqdelta2Applier} and {@link
 * io.strata.delta.sqdelta2.Sqdelta2Maker} keep nothing between calls and may be shared; both use
 * all cores and end their threads before they return. Everything else is for one thread, unless it
 * says otherwise. {@link io.strata.delta.DeltaException} if the delta, an image or a library is at
 * fault, {@link java.io.IOException} if the file system is.
 */
@NullMarked
package io.strata.delta.sqdelta2;

import org.jspecify.annotations.NullMarked;
