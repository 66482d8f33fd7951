package io.strata.squashfs;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Fields of the {@link HandMadeImage} with a value that they can't have, and what is unreadable
 * then: {@code open} for all, a path for a file, with a slash behind it for a listing, with an at
 * for extended attributes; nothing where the value is odd but no damage.
 */
public final class HostileFields {
  private static final String ROWS =
      """
      sb.magic             | 0                   | 4 | open
      sb.s_major           | 3                   | 2 | open
      sb.s_minor           | 1                   | 2 | open
      sb.block_size        | 8192                | 4 | open
      sb.block_log         | 60                  | 2 | open
      sb.block_log         | 21                  | 2 | open
      sb.compression       | 7                   | 2 | open
      sb.no_ids            | 0                   | 2 | open
      sb.no_ids            | 65535               | 2 | open
      sb.inodes            | 0                   | 4 | open
      sb.inodes            | -1                  | 4 | open
      sb.fragments         | -1                  | 4 | open
      sb.bytes_used        | 10                  | 8 | open
      sb.bytes_used        | 9999999             | 8 | open
      sb.bytes_used        | -1                  | 8 | open
      sb.root_inode        | -1                  | 8 | open
      sb.root_inode        | 0                   | 8 | open
      sb.root_inode        | 8191                | 8 | open
      sb.inode_table       | -2                  | 8 | open
      sb.inode_table       | 4192                | 8 | open
      sb.directory_table   | 0                   | 8 | open
      sb.fragment_table    | 9223372036854775807 | 8 | open
      sb.id_table          | 1                   | 8 | open
      sb.lookup_table      | 8000                | 8 | open
      sb.xattr_table       | 90                  | 8 | open
      xattr_table.start    | -1                  | 8 | open
      xattr_table.ids      | -1                  | 4 | open
      ids.index            | -1                  | 8 | open
      ids.header           | 0                   | 2 | open
      id.0                 | -1                  | 4 |
      inodes.header        | 65535               | 2 | open
      inodes.header        | 32768               | 2 | open
      directories.header   | 32767               | 2 | /
      directories.header   | 20                  | 2 | /
      root.type            | 2                   | 2 | open
      root.uid             | 2                   | 2 | open
      root.start_block     | -1                  | 4 | /
      root.offset          | 8192                | 2 | /
      root.file_size       | -1                  | 4 | /
      root.file_size       | 20                  | 4 | /
      root.i_count         | 65535               | 2 |
      root.xattr           | 1                   | 4 | @
      dir.count            | 256                 | 4 | /
      dir.count            | 255                 | 4 | /
      dir.start_block      | -1                  | 4 | /big /dev /ext /fifo /link /sub
      entry.big.offset     | 8191                | 2 | /big
      entry.big.type       | 0                   | 2 | /
      entry.big.type       | 8                   | 2 | /
      entry.big.size       | 65535               | 2 | /
      entry.dev.name       | 0x2f                | 1 | /
      entry.dev.name       | 0                   | 1 | /
      entry.sub.size       | 200                 | 2 | /
      big.type             | 0                   | 2 | /big
      big.type             | 15                  | 2 | /big
      big.gid              | 2                   | 2 | /big
      big.start_block      | 0                   | 4 | /big
      big.start_block      | -1                  | 4 | /big
      big.fragment         | 1                   | 4 | /big
      big.offset           | 6                   | 4 | /big
      big.offset           | -1                  | 4 | /big
      big.file_size        | -1                  | 4 | /big
      big.block_list       | 0x1001001           | 4 | /big
      big.block_list       | 0x1000000           | 4 | /big
      big.block_list       | 0x3001000           | 4 | /big
      big.block_list       | 0x1000fff           | 4 | /big
      big.block_list       | 4096                | 4 | /big
      big.block_list       | 0                   | 4 |
      ext.start_block      | -1                  | 8 | /ext
      ext.file_size        | -1                  | 8 | /ext
      ext.file_size        | 0x4000000000000000  | 8 | /ext
      ext.file_size        | 6                   | 8 | /ext
      ext.sparse           | -1                  | 8 |
      ext.xattr            | 1                   | 4 | /ext@
      link.symlink_size    | 0                   | 4 | /link
      link.symlink_size    | 65536               | 4 | /link
      link.symlink_size    | 65535               | 4 | /link
      link.symlink         | 0                   | 1 | /link
      sub.file_size        | 100                 | 2 | /sub/ /sub/sub
      fragments.header     | 1                   | 2 | /big /ext
      fragments.index      | -1                  | 8 | /big /ext
      fragments.index      | 100                 | 8 | /big /ext
      fragment.start_block | -1                  | 8 | /big /ext
      fragment.start_block | 0                   | 8 | /big /ext
      fragment.size        | 0                   | 4 | /big /ext
      fragment.size        | 0x1000009           | 4 | /ext
      fragment.size        | 0x2000000           | 4 | /big /ext
      a.size               | 0                   | 2 | /ext@
      a.size               | 65535               | 2 | /ext@
      a.vsize              | -1                  | 4 | /ext@
      b.vsize              | 7                   | 4 | /ext@
      b.value              | -1                  | 8 | /ext@
      b.value              | 0x100000000         | 8 | /ext@
      ool.vsize            | 65537               | 4 | /ext@
      ool.vsize            | 4                   | 4 | /ext@
      xattr_id.xattr       | -1                  | 8 | /ext@
      xattr_id.count       | -1                  | 4 | /ext@
      xattrs.header        | 0                   | 2 | /ext@
      sb.inode_table | 97 | 8 | open
      sb.inode_table | 0 | 8 | open
      sb.directory_table | 4202 | 8 | open
      sb.directory_table | 50 | 8 | open
      sb.directory_table | 9999999 | 8 | open
      sb.fragment_table | 95 | 8 | open
      sb.fragment_table | 4300 | 8 | open
      sb.id_table | 4300 | 8 | open
      sb.id_table | -1 | 8 | open
      sb.lookup_table | 4300 | 8 | open
      sb.xattr_table | 4300 | 8 | open
      sb.inodes | 6 | 4 | /sub
      sb.inodes | 1 | 4 | /big /dev /ext /fifo /link /sub
      sb.fragments | 0 | 4 | /big /ext
      sb.block_size | 0 | 4 | open
      sb.block_size | -4096 | 4 | open
      sb.block_log | 0 | 2 | open
      sb.block_log | 11 | 2 | open
      sb.compression | 0 | 2 | open
      sb.compression | 255 | 2 | open
      inodes.header | 0 | 2 | open
      inodes.header | 1 | 2 | open
      directories.header | 0 | 2 | /
      directories.header | 32768 | 2 | /
      ids.header | 32772 | 2 | open
      xattr_ids.header | 0 | 2 | /ext@
      xattr_ids.header | 32783 | 2 | /ext@
      xattr_table.index | -1 | 8 | /ext@
      xattr_table.index | 0 | 8 | /ext@
      xattr_table.start | 4 | 8 | open
      xattr_table.start | 99999 | 8 | open
      exports.header | 0 | 2 |
      root.inode_number | 0 | 4 | open
      root.inode_number | 8 | 4 | open
      root.start_block | 1 | 4 | /
      root.file_size | 2 | 4 |
      root.xattr | -2 | 4 | @
      dir.count | 4 | 4 | /
      dir.count | 6 | 4 | /
      dir.start_block | 1 | 4 | /big /dev /ext /fifo /link /sub
      dir.inode_number | 3 | 4 | /big /dev /ext /fifo /link /sub
      entry.big.type | 2 | 2 |
      entry.big.type | 1 | 2 | /big
      entry.big.type | 3 | 2 | /big
      entry.big.type | -1 | 2 | /
      entry.big.inode_number | 2 | 2 | /big
      entry.big.inode_number | -32768 | 2 | /big
      entry.big.offset | 1 | 2 | /big
      entry.big.offset | -1 | 2 | /big
      entry.big.size | 256 | 2 | /
      entry.big.name | 0x7a | 1 | /
      entry.dev.name | 0x676962 | 3 | /
      entry.dev.name | 0x2e | 1 | /
      entry.ext.name | 0x2e2e | 2 | /
      entry.fifo.name | 0x66 | 1 |
      entry.link.name | 0x0a6b6e69 | 4 |
      entry.sub.name | 0x616161 | 3 | /
      big.inode_number | 0 | 4 | /big
      big.inode_number | 8 | 4 | /big
      big.inode_number | 3 | 4 | /big
      big.uid | -1 | 2 | /big
      big.start_block | 4500 | 4 | /big
      big.fragment | -2 | 4 | /big
      big.offset | 0x7fffffff | 4 | /big
      big.file_size | 8192 | 4 | /big
      big.block_list | -1 | 4 | /big
      big.block_list | 0x1001000 | 4 |
      big.mtime | -1 | 4 |
      ext.inode_number | 0 | 4 | /ext
      ext.file_size | 0x7fffffffffffffff | 8 | /ext
      ext.file_size | 0x1000000000000000 | 8 | /ext
      ext.fragment | 77 | 4 | /ext
      ext.fragment | -1 | 4 | /ext
      ext.offset | 4092 | 4 | /ext
      ext.nlink | 0 | 4 |
      ext.nlink | -1 | 4 |
      ext.xattr | 0x7fffffff | 4 | /ext@
      ext.xattr | -2 | 4 | /ext@
      dev.inode_number | 0 | 4 | /dev
      dev.rdev | -1 | 4 |
      dev.nlink | 0 | 4 |
      fifo.type | 8 | 2 | /fifo
      fifo.inode_number | -1 | 4 | /fifo
      link.symlink_size | -1 | 4 | /link
      link.symlink_size | 4096 | 4 | /link
      link.symlink_size | 4095 | 4 | /link
      sub.start_block | -1 | 4 |
      sub.file_size | 0 | 2 |
      sub.file_size | 4 | 2 | /sub/
      sub.offset | 8192 | 2 |
      sub.parent_inode | 0 | 4 |
      fragments.header | 0x8000 | 2 | /big /ext
      fragments.header | 0xffff | 2 | /big /ext
      fragments.index | 0 | 8 | /big /ext
      fragments.index | 4206 | 8 | /big /ext
      fragment.start_block | 95 | 8 | /big /ext
      fragment.size | -1 | 4 | /big /ext
      fragment.size | 10 | 4 | /big /ext
      fragment.size | 0x1001001 | 4 | /big /ext
      a.type | 0xff | 2 |
      a.size | 256 | 2 | /ext@
      a.vsize | 65537 | 4 | /ext@
      b.type | 0x1ff | 2 |
      b.vsize | 9 | 4 | /ext@
      b.value | 15 | 8 | /ext@
      b.value | 0x7fff | 8 | /ext@
      xattr_id.xattr | 0x2000 | 8 | /ext@
      xattr_id.xattr | 0x10000 | 8 | /ext@
      xattr_id.count | 3 | 4 | /ext@
      xattr_id.count | 16385 | 4 | /ext@
      xattrs.header | 0x7fff | 2 | /ext@
      """;

  private HostileFields() {}

  /** The field, its value, its size in bytes, and the set of what is unreadable. */
  public static Stream<Arguments> rows() {
    return ROWS.lines().map(HostileFields::row);
  }

  private static Arguments row(String line) {
    String[] parts = line.split("\\|", -1);
    Set<String> unreadable = new TreeSet<>();
    for (String path : parts[3].strip().split(" ")) {
      if (!path.isEmpty()) {
        unreadable.add(path);
      }
    }
    int size = Integer.parseInt(parts[2].strip());
    return Arguments.of(parts[0].strip(), Long.decode(parts[1].strip()), size, unreadable);
  }
}
