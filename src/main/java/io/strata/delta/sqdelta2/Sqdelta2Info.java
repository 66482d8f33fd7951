package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a delta says about itself.
 *
 * @param length length of the file in bytes
 * @param sourceLength length of the image that it is for
 * @param targetLength length of the image that it makes
 * @param sourceDigest SHA-256 in hexadecimal digits
 * @param targetDigest SHA-256 in hexadecimal digits
 * @param blockSize of the target in bytes
 * @param compressors how blocks are compressed again, as {@code "lzo level 9"}; empty if none are
 * @param library what compressed the maker's trials
 * @param columns bytes of each column in the file, by its name; those with none are left out
 * @param contentLength bytes of all frames in the file
 */
public record Sqdelta2Info(
    long length,
    long sourceLength,
    long targetLength,
    String sourceDigest,
    String targetDigest,
    int blockSize,
    List<String> compressors,
    String library,
    Map<String, Integer> columns,
    long contentLength) {

  /**
   * Reads the header of a delta, and applies nothing.
   *
   * @throws DeltaException if it is damaged, or of another format
   */
  public static Sqdelta2Info read(Path delta) throws IOException, DeltaException {
    try (DeltaReader file = DeltaReader.open(delta)) {
      Header header = file.header();
      Map<String, Integer> columns = new LinkedHashMap<>();
      for (Column column : Column.values()) {
        int stored = file.place(column).stored();
        if (stored > 0) {
          columns.put(column.name(), stored);
        }
      }
      return new Sqdelta2Info(
          file.length(),
          header.sourceLength(),
          header.targetLength(),
          HexFormat.of().formatHex(header.sourceDigest()),
          HexFormat.of().formatHex(header.targetDigest()),
          1 << header.blockLog(),
          header.ways().stream().map(Sqdelta2Info::describe).toList(),
          header.library(),
          columns,
          file.length() - file.contentStart());
    } catch (DeltaException e) {
      throw new DeltaException(delta + ": " + e.getMessage(), e);
    }
  }

  /** Whether a file begins as a delta of this format does. */
  public static boolean isSqdelta2(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return Header.isMagic(channel);
    }
  }

  private static String describe(Recompression way) {
    return switch (way.algorithm()) {
      case XZ ->
          "xz with a dictionary of "
              + way.dictionary()
              + (way.option() != 0 ? " and filter " + way.option() : "");
      case GZIP ->
          "gzip level %d, window %d, strategy %d"
              .formatted(way.level(), way.window(), way.option());
      case LZO -> "lzo level " + way.level() + (way.option() != 0 ? ", optimized" : "");
      case LZ4 -> way.level() == 0 ? "lz4" : "lz4hc level " + way.level();
      default -> way.algorithm() + " level " + way.level();
    };
  }
}
