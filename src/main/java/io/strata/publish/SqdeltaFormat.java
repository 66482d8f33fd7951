package io.strata.publish;

import io.strata.codec.Compression;
import io.strata.delta.DeltaApplier;
import io.strata.delta.DeltaException;
import io.strata.delta.DeltaMaker;
import io.strata.delta.ProgressListener;
import io.strata.squashfs.CorruptImageException;
import io.strata.squashfs.SquashFsImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Upstream's format, which every client reads. */
final class SqdeltaFormat implements DeltaFormat {
  /** Its offsets are u32. */
  private static final long MAX_IMAGE = 0xffff_ffffL;

  /** Of others it has no blocks, so that everything behind the first change is in a delta. */
  private static final Set<Compression> COMPRESSIONS = Set.of(Compression.LZO, Compression.LZ4);

  private final String xdelta3;
  private final DeltaMaker maker;
  private final DeltaApplier applier = new DeltaApplier();

  /** The format with deltas by this xdelta3, a name on the search path. */
  SqdeltaFormat(String xdelta3) {
    this.xdelta3 = xdelta3;
    this.maker = new DeltaMaker(xdelta3);
  }

  @Override
  public DeltaKind kind() {
    return DeltaKind.SQDELTA;
  }

  @Override
  public Optional<String> missing() {
    try {
      Programs.find(xdelta3, "xdelta3");
      return Optional.empty();
    } catch (PublishException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  @Override
  public Optional<String> refusal(Path source, Path target) throws IOException {
    if (Math.max(Files.size(source), Files.size(target)) > MAX_IMAGE) {
      return Optional.of("it is for images of less than 4 GiB");
    }
    try {
      Compression from = compression(source);
      Compression to = compression(target);
      if (!COMPRESSIONS.contains(to)) {
        return Optional.of("it is small for images of lzo and lz4 only, not of " + to);
      }
      return from == to
          ? Optional.empty()
          : Optional.of("it is large where " + to + " comes after " + from);
    } catch (CorruptImageException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Compression compression(Path image) throws IOException {
    try (SquashFsImage opened = SquashFsImage.open(image)) {
      return opened.superblock().compression();
    }
  }

  @Override
  public void make(Path source, Path target, Path delta, ProgressListener listener)
      throws IOException, DeltaException {
    maker.make(source, target, delta, listener);
  }

  @Override
  public void apply(Path source, Path delta, Path made, ProgressListener listener)
      throws IOException, DeltaException {
    applier.apply(source, delta, made, listener);
  }
}
