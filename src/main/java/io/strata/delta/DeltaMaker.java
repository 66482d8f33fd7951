package io.strata.delta;

import io.strata.codec.CodecException;
import io.strata.codec.Compressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Makes an {@code .sqdelta} between two images, through the xdelta3 program.
 *
 * <p>Lists the compressed blocks that only one of the images has, if both are LZO or both are LZ4;
 * of the target's those that this system's library gives back bit for bit, called as upstream's
 * squashmerge calls it. A delta of other images lists none, and is as large as their compressed
 * difference.
 *
 * <p>Of LZ4HC images of today's mksquashfs that lists next to nothing: it compresses at level 12,
 * squashmerge at 9, and the header can't say a level. An {@code .sqdelta2} is small for them.
 *
 * <p>What would make an expanded image of more than four times 4 GiB is not listed, since it would
 * not be applied.
 *
 * <p>On disk it needs room for both expanded images beside the delta, while it runs.
 */
public final class DeltaMaker {
  private static final int COPY_BUFFER = 1 << 20;

  /** Bytes for decompressed blocks, which are wanted one after another. */
  private static final int BLOCK_MEMORY = 1 << 20;

  private final Xdelta3 xdelta3;
  private final long mostExpanded;

  /** A maker that uses the xdelta3 of the search path. */
  public DeltaMaker() {
    this("xdelta3");
  }

  /** A maker that uses this xdelta3, a name or a path. */
  public DeltaMaker(String xdelta3) {
    this(xdelta3, DeltaApplier.MAX_EXPANDED);
  }

  /** A maker of expanded images of at most so many bytes. */
  DeltaMaker(String xdelta3, long mostExpanded) {
    this.xdelta3 = new Xdelta3(xdelta3);
    this.mostExpanded = mostExpanded;
  }

  /**
   * What was made.
   *
   * @param info of the delta
   * @param targetBlocks how many blocks of the target are listed
   * @param irreproducible how many were left out because the library gave other bytes, or the
   *     expanded image would be longer than is applied
   * @param suited whether the format can list blocks of such images; if not, the delta is large
   */
  public record Result(DeltaInfo info, int targetBlocks, int irreproducible, boolean suited) {}

  /**
   * Makes a delta; it appears under its name only whole.
   *
   * @param source the older image
   * @param target the newer image
   * @param delta the file to write; replaced if it is there
   * @throws DeltaException if an image is damaged or over 4 GiB, or xdelta3 fails
   */
  public Result make(Path source, Path target, Path delta, ProgressListener listener)
      throws IOException, DeltaException {
    Choice choice;
    try (ImageFile from = open(source);
        ImageFile to = open(target);
        StagedImage expandedSource = StagedImage.create(delta);
        StagedImage expandedTarget = StagedImage.create(delta);
        StagedImage patch = StagedImage.create(delta);
        StagedImage made = StagedImage.create(delta)) {
      choice = choose(source, from, target, to, listener);
      listener.progress(ProgressListener.Step.ENCODING, 0, 1);
      expand(from, choice.compression(), choice.source(), expandedSource);
      expand(to, choice.compression(), choice.target(), expandedTarget);
      xdelta3.encode(
          expandedSource.path(), expandedSource.length(), expandedTarget.path(), patch.path());
      assemble(choice, patch.path(), made);
      made.commit();
      listener.progress(ProgressListener.Step.ENCODING, 1, 1);
    }
    DeltaInfo info = DeltaInfo.read(delta);
    return new Result(info, choice.target().size(), choice.irreproducible(), choice.suited());
  }

  /** The blocks to list, and how they are compressed. */
  private record Choice(
      SqdeltaCompression compression,
      BlockList source,
      BlockList target,
      int irreproducible,
      boolean suited) {
    /** Of images that have no blocks to list. */
    static Choice nothing(int irreproducible, boolean suited) {
      BlockList none = BlockList.of(List.of());
      return new Choice(new SqdeltaCompression.None(0), none, none, irreproducible, suited);
    }
  }

  private static ImageFile open(Path path) throws IOException, DeltaException {
    try {
      return ImageFile.open(path);
    } catch (DeltaException e) {
      throw new DeltaException(path + ": " + e.getMessage(), e);
    }
  }

  private Choice choose(
      Path source, ImageFile from, Path target, ImageFile to, ProgressListener listener)
      throws IOException, DeltaException {
    SqdeltaCompression compression = new ImageScan(to).compression();
    boolean same = from.superblock().compression() == to.superblock().compression();
    if (compression instanceof SqdeltaCompression.None || !same) {
      return Choice.nothing(0, false);
    }
    BlockSelection before = scan(source, from);
    BlockSelection young = scan(target, to);
    Set<String> oldDigests = before.digests();
    BlockSelection onlyOld = before.without(young.digests());
    BlockSelection onlyYoung = young.without(oldDigests);
    Choice best = Choice.nothing(onlyYoung.size(), true);
    for (SqdeltaCompression variant : compression.variants()) {
      BlockList listed =
          onlyYoung.reproducible(upstream(variant), listener).within(to.length(), mostExpanded);
      int left = onlyYoung.size() - listed.size();
      if (left < best.irreproducible()) {
        BlockList old = onlyOld.decompressible().within(from.length(), mostExpanded);
        best = new Choice(variant, old, listed, left, true);
      }
      if (left == 0) {
        break;
      }
    }
    return best;
  }

  private static Compressor upstream(SqdeltaCompression compression) throws DeltaException {
    try {
      return compression.upstream();
    } catch (CodecException e) {
      throw new DeltaException(e.getMessage() + " to make a delta", e);
    }
  }

  private static BlockSelection scan(Path path, ImageFile image)
      throws IOException, DeltaException {
    try {
      return new BlockSelection(image, new ImageScan(image).blocks());
    } catch (DeltaException e) {
      throw new DeltaException(path + ": " + e.getMessage(), e);
    }
  }

  private static void expand(
      ImageFile image, SqdeltaCompression compression, BlockList blocks, StagedImage expanded)
      throws IOException, DeltaException {
    SqdeltaHeader header = new SqdeltaHeader(compression, blocks.size());
    byte[] buffer = new byte[COPY_BUFFER];
    try (ExpandedImage view =
        new ExpandedImage(image.channel(), image.length(), header, blocks, BLOCK_MEMORY)) {
      for (long at = 0; at < view.length(); at += buffer.length) {
        int n = (int) Math.min(buffer.length, view.length() - at);
        view.focus(at, n);
        view.read(at, buffer, 0, n);
        expanded.append(buffer, n);
      }
    }
  }

  private static void assemble(Choice choice, Path patch, StagedImage made) throws IOException {
    SqdeltaHeader header = new SqdeltaHeader(choice.compression(), choice.source().size());
    ByteBuffer head = ByteBuffer.allocate(header.lengthWithList());
    header.write(head);
    choice.source().write(head);
    made.append(head.array(), head.capacity());
    try (var in = Files.newInputStream(patch)) {
      byte[] buffer = new byte[COPY_BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        made.append(buffer, n);
      }
    }
  }
}
