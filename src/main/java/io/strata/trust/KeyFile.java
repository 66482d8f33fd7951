package io.strata.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads OpenPGP key files, armored or binary, with any number of keys. */
final class KeyFile {
  /** Far above any keyring that signs an index. */
  private static final long MAX_SIZE = 16L << 20;

  private static final int BINARY_PACKET = 0x80;

  private KeyFile() {}

  /** The files meant by a path: itself, or all files of a directory but hidden ones, by name. */
  static List<Path> filesOf(Path path) throws KeyException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry) && !String.valueOf(entry.getFileName()).startsWith(".")) {
          files.add(entry);
        }
      }
    } catch (IOException e) {
      throw new KeyException(path + ": cannot read the directory of keys: " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw new KeyException(path + ": there is no key file in this directory");
    }
    files.sort(null);
    return files;
  }

  /** Whether a file is binary or has armor; a note beside keys has neither. */
  static boolean mayHoldKeys(Path file) throws KeyException {
    byte[] content = content(file);
    return isBinary(content)
        || TextLines.of(content).stream().anyMatch(line -> line.startsWith("-----BEGIN PGP "));
  }

  /** The packets of a file, one array for each block of armor of this type. */
  static List<byte[]> packets(Path file, String armorType) throws KeyException {
    byte[] content = content(file);
    if (isBinary(content)) {
      return List.of(content);
    }
    try {
      List<byte[]> packets =
          Armor.all(TextLines.of(content), armorType).stream().map(Armor::packets).toList();
      if (packets.isEmpty() && isKeybox(content)) {
        throw new KeyException(
            file + ": a keybox of GnuPG; export the keys with 'gpg --export --armor'");
      }
      if (packets.isEmpty()) {
        String export = armorType.equals(Armor.PRIVATE_KEY) ? "--export-secret-keys" : "--export";
        throw new KeyException(
            file
                + ": no OpenPGP "
                + armorType.toLowerCase(Locale.ROOT)
                + "; 'gpg --armor "
                + export
                + " KEY' writes one");
      }
      return packets;
    } catch (IndexException e) {
      throw new KeyException(file + ": " + e.getMessage(), e);
    }
  }

  // A keybox begins with a blob of its own: length, type, version, flags, magic.
  private static boolean isKeybox(byte[] content) {
    return content.length > 12
        && new String(content, 8, 4, StandardCharsets.ISO_8859_1).equals("KBXf");
  }

  private static boolean isBinary(byte[] content) {
    return content.length > 0 && (content[0] & BINARY_PACKET) != 0;
  }

  private static byte[] content(Path file) throws KeyException {
    try {
      if (Files.size(file) > MAX_SIZE) {
        throw new KeyException(file + ": too large for a file of keys");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new KeyException(file + ": there is no such key file", e);
    } catch (IOException e) {
      throw new KeyException(file + ": cannot read the key: " + e.getMessage(), e);
    }
  }
}
