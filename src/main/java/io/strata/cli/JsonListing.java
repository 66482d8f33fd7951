package io.strata.cli;

import io.strata.posix.Stat;
import io.strata.squashfs.DeviceInode;
import io.strata.squashfs.Inode;
import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.SymlinkInode;
import io.strata.squashfs.tree.Located;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A listing for programs. Bytes that are not UTF-8 are replaced, and stand whole under the name
 * with {@code -base64} behind it.
 */
final class JsonListing implements Listing {
  private final SquashFsImage image;
  private final ByteOutput out;
  private final List<Object> files = new ArrayList<>();

  JsonListing(SquashFsImage image, ByteOutput out) {
    this.image = image;
    this.out = out;
  }

  @Override
  public void add(Located file) throws IOException {
    Inode inode = file.inode();
    Map<String, Object> object = new LinkedHashMap<>();
    putBytes(object, "path", file.path().bytes());
    object.put("type", type(inode.mode()));
    object.put("mode", "%04o".formatted(inode.mode() & ~Stat.S_IFMT));
    object.put("uid", Integer.toUnsignedLong(inode.uid()));
    object.put("gid", Integer.toUnsignedLong(inode.gid()));
    object.put("size", inode.size());
    object.put("mtime", inode.modifyTime());
    object.put("links", inode.linkCount());
    object.put("inode", inode.inodeNumber());
    if (inode instanceof SymlinkInode link) {
      putBytes(object, "target", image.symlinkTarget(link));
    }
    if (inode instanceof DeviceInode device) {
      object.put("major", device.major());
      object.put("minor", device.minor());
    }
    putXattrs(object, inode);
    files.add(object);
  }

  private void putXattrs(Map<String, Object> object, Inode inode) throws IOException {
    Map<String, Object> xattrs = new LinkedHashMap<>();
    for (byte[] name : image.xattrNames(inode)) {
      byte[] value = image.xattr(inode, name);
      if (value != null) {
        putBytes(xattrs, new String(name, StandardCharsets.UTF_8), value);
      }
    }
    if (!xattrs.isEmpty()) {
      object.put("xattrs", xattrs);
    }
  }

  private static void putBytes(Map<String, Object> object, String key, byte[] bytes) {
    object.put(key, new String(bytes, StandardCharsets.UTF_8));
    if (!isUtf8(bytes)) {
      object.put(key + "-base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String type(int mode) {
    return switch (Listing.letter(mode)) {
      case 'd' -> "directory";
      case 'l' -> "symlink";
      case 'b' -> "block";
      case 'c' -> "character";
      case 'p' -> "fifo";
      case 's' -> "socket";
      default -> "file";
    };
  }

  @Override
  public void close() throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("files", files);
    out.text(Json.write(all)).text("\n");
  }
}
