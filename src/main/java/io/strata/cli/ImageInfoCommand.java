package io.strata.cli;

import io.strata.squashfs.SquashFsImage;
import io.strata.squashfs.Superblock;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code strata image info}. */
@Command(name = "info", description = "Shows what an image says about itself.")
final class ImageInfoCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "The image: a file, or a block device.")
  private Path path = Path.of("");

  @Mixin private ImageOpener opener = new ImageOpener();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Map<String, Object> fields;
    try (SquashFsImage image = opener.open(path)) {
      fields = fields(image);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.write(fields));
    } else {
      fields.forEach((name, value) -> out.println(name + ": " + shown(value)));
    }
    out.flush();
    return ExitCode.DONE.code();
  }

  private static String shown(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return value.toString();
    }
    StringBuilder text = new StringBuilder();
    map.forEach((name, each) -> text.append(text.isEmpty() ? "" : ", ").append(name + " " + each));
    return text.isEmpty() ? "none" : text.toString();
  }

  private Map<String, Object> fields(SquashFsImage image) throws Exception {
    Superblock superblock = image.superblock();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("image", path.toString());
    fields.put("format", "SquashFS " + Superblock.SQUASHFS_MAJOR + "." + Superblock.SQUASHFS_MINOR);
    fields.put("file-size", image.fileSize());
    fields.put("offset", image.offset());
    fields.put("image-size", superblock.bytesUsed());
    fields.put("made", Instant.ofEpochSecond(superblock.makeTime()).toString());
    fields.put("compression", superblock.compression().toString());
    fields.put("compressor-options", image.compressorOptions());
    fields.put("block-size", superblock.blockSize());
    fields.put("inodes", superblock.inodes());
    fields.put("fragments", superblock.fragments());
    fields.put("ids", superblock.ids());
    fields.put("xattrs", superblock.hasXattrs());
    fields.put("exportable", superblock.isExportable());
    fields.put("flags", "0x%04x".formatted(superblock.flags()));
    fields.put("data-size", superblock.inodeTableStart() - Superblock.SIZE);
    fields.put("inode-table", superblock.inodeTableStart());
    fields.put("directory-table", superblock.directoryTableStart());
    return fields;
  }
}
