package io.strata.cli;

import io.strata.posix.Stat;
import io.strata.squashfs.DeviceInode;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.SymlinkInode;
import io.strata.squashfs.tree.Located;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A listing for people and for scripts. */
final class TextListing implements Listing {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final SquashFsImage image;
  private final ByteOutput out;
  private final boolean details;
  private final boolean nul;

  TextListing(SquashFsImage image, ByteOutput out, boolean details, boolean nul) {
    this.image = image;
    this.out = out;
    this.details = details;
    this.nul = nul;
  }

  @Override
  public void add(Located file) throws IOException {
    // Read before anything is written, as it may be damaged.
    byte[] target =
        details && file.inode() instanceof SymlinkInode link
            ? image.symlinkTarget(link)
            : new byte[0];
    if (details) {
      out.text(details(file.inode()));
    }
    out.name(file.path().bytes());
    if (target.length > 0) {
      out.text(" -> ").name(target);
    }
    out.text(nul ? "\0" : "\n");
  }

  private static String details(Inode inode) {
    String size =
        inode instanceof DeviceInode device
            ? device.major() + "," + device.minor()
            : Long.toString(inode.size());
    return String.format(
        Locale.ROOT,
        "%s %3d %5d/%-5d %10s %s ",
        mode(inode.mode()),
        inode.linkCount(),
        Integer.toUnsignedLong(inode.uid()),
        Integer.toUnsignedLong(inode.gid()),
        size,
        TIME.format(Instant.ofEpochSecond(inode.modifyTime())));
  }

  /** A mode as ls(1) shows it. */
  static String mode(int mode) {
    StringBuilder text = new StringBuilder().append(Listing.letter(mode));
    for (int shift = 6; shift >= 0; shift -= 3) {
      text.append((mode >> shift & 4) != 0 ? 'r' : '-');
      text.append((mode >> shift & 2) != 0 ? 'w' : '-');
      text.append((mode >> shift & 1) != 0 ? 'x' : '-');
    }
    special(text, 3, mode & Stat.S_ISUID, 's');
    special(text, 6, mode & Stat.S_ISGID, 's');
    special(text, 9, mode & Stat.S_ISVTX, 't');
    return text.toString();
  }

  private static void special(StringBuilder text, int at, int bit, char letter) {
    if (bit != 0) {
      char shown = text.charAt(at) == 'x' ? letter : Character.toUpperCase(letter);
      text.setCharAt(at, shown);
    }
  }

  @Override
  public void close() {}
}
