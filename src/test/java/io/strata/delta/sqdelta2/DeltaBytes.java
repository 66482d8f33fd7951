package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import io.strata.delta.ProgressListener;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** A delta taken apart, with its columns uncompressed, to be changed and put together again. */
final class DeltaBytes {
  final Header header;
  final Map<Column, byte[]> columns = new EnumMap<>(Column.class);
  byte[] content;

  /** Makes a delta of two images and takes it apart. */
  static DeltaBytes between(Path source, Path target, Path directory) throws Exception {
    Path delta = directory.resolve("taken-apart.sqdelta2");
    new Sqdelta2Maker().make(source, target, delta, ProgressListener.NONE);
    return new DeltaBytes(delta, source);
  }

  private DeltaBytes(Path delta, Path source) throws IOException, DeltaException {
    try (DeltaReader reader = DeltaReader.open(delta);
        FileChannel channel = FileChannel.open(source)) {
      ImageModel image = ImageModel.read(channel);
      header = reader.header();
      for (Column column : Column.values()) {
        byte[] dictionary =
            switch (column) {
              case TEXT -> Dictionaries.ofTexts(image);
              case RAW -> Dictionaries.ofRaw(image, true);
              default -> new byte[0];
            };
        columns.put(column, reader.column(column, dictionary));
      }
      byte[] all = Files.readAllBytes(delta);
      content = Arrays.copyOfRange(all, (int) reader.contentStart(), all.length);
    }
  }

  /** The delta with its columns as they are now, none of them compressed. */
  byte[] bytes() {
    return bytes(header);
  }

  /** The same with another header. */
  byte[] bytes(Header other) {
    ByteWriter out = new ByteWriter();
    other.write(out);
    columns.values().forEach(column -> out.varint(column.length).varint(column.length));
    columns.values().forEach(out::bytes);
    return out.bytes(content).toByteArray();
  }
}
