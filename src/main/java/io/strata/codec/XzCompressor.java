package io.strata.codec;

import io.strata.codec.natives.Liblzma;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** .xz streams of LZMA2 with CRC32, maybe with a filter for programs before it, through liblzma. */
final class XzCompressor implements Compressor {
  private final Liblzma library;
  private final int dictionarySize;
  private final int programs;
  private final String name;
  private final ThreadLocal<Setup> setups = ThreadLocal.withInitial(this::newSetup);

  /**
   * A compressor.
   *
   * @param programs 0, or the place of the filter among liblzma's for programs, from 1
   */
  XzCompressor(Liblzma library, int dictionarySize, int programs) {
    this.library = library;
    this.dictionarySize = dictionarySize;
    this.programs = programs;
    this.name = "liblzma " + library.lzma_version_string();
  }

  @Override
  public String library() {
    return name;
  }

  @Override
  public int compress(
      ByteBuffer source,
      int sourceOffset,
      int sourceLength,
      ByteBuffer target,
      int targetOffset,
      int targetCapacity)
      throws CodecException {
    Direct.check(source, sourceOffset, sourceLength);
    Direct.checkTarget(target, targetOffset, targetCapacity);
    Setup setup = setups.get();
    setup.written.putLong(0, 0);
    int result =
        library.lzma_stream_buffer_encode(
            Direct.address(setup.filters, 0),
            Liblzma.LZMA_CHECK_CRC32,
            0,
            Direct.address(source, sourceOffset),
            sourceLength,
            Direct.address(target, targetOffset),
            Direct.address(setup.written, 0),
            targetCapacity);
    Reference.reachabilityFence(source);
    Reference.reachabilityFence(target);
    if (result != Liblzma.LZMA_OK) {
      throw new CodecException(
          "xz: "
              + sourceLength
              + " bytes do not compress to "
              + targetCapacity
              + " (liblzma error "
              + result
              + ")");
    }
    return Math.toIntExact(setup.written.getLong(0));
  }

  private Setup newSetup() {
    Setup setup = new Setup();
    library.lzma_lzma_preset(Direct.address(setup.options, 0), Liblzma.LZMA_PRESET_DEFAULT);
    setup.options.putInt(0, dictionarySize); // dict_size is the first field of lzma_options_lzma
    int at = 0;
    if (programs > 0) {
      setup.filters.putLong(0, Liblzma.LZMA_FILTER_X86 + programs - 1).putLong(8, 0);
      at = 16;
    }
    setup.filters.putLong(at, Liblzma.LZMA_FILTER_LZMA2);
    setup.filters.putLong(at + 8, Direct.address(setup.options, 0));
    setup.filters.putLong(at + 16, Liblzma.LZMA_VLI_UNKNOWN);
    return setup;
  }

  /** An lzma_filter[3] with its options, and a size_t. */
  private static final class Setup {
    final ByteBuffer filters = nativeBuffer(48);
    final ByteBuffer options = nativeBuffer(256); // lzma_options_lzma is 112 bytes
    final ByteBuffer written = nativeBuffer(Long.BYTES);

    private static ByteBuffer nativeBuffer(int size) {
      return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
  }
}
