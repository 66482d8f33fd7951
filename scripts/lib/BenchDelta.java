import io.strata.blocks.BlockIndex;
import io.strata.codec.Compressor;
import io.strata.codec.Decompressor;
import io.strata.codec.Decompressors;
import io.strata.delta.DeltaApplier;
import io.strata.delta.DeltaMaker;
import io.strata.delta.ProgressListener;
import io.strata.delta.SqdeltaHeader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What scripts/bench needs for deltas, on the class path of the program.
 *
 * <pre>
 *   BenchDelta noise FILE MEBIBYTES            a file that does not compress
 *   BenchDelta make OLD NEW DELTA
 *   BenchDelta blocks IMAGE INDEX              its block index
 *   BenchDelta measure OLD DELTA DIR RUNS      prints KIND SECONDS, for each run of each kind:
 *     library     applying the delta, as a library call
 *     xdelta3     xdelta3 -d of the same patch, on the expanded files
 *     recompress  compressing the listed blocks with the native library, on all cores
 *   BenchDelta peak OLD DELTA OUT              applies it once, and prints heap BYTES, resident BYTES
 * </pre>
 */
final class BenchDelta {
  private static final int ENTRY = 12;

  private final Path old;
  private final Path delta;
  private final Path directory;

  private BenchDelta(Path old, Path delta, Path directory) {
    this.old = old;
    this.delta = delta;
    this.directory = directory;
  }

  public static void main(String[] arguments) throws Exception {
    Path first = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "noise" -> noise(first, Integer.parseInt(arguments[2]));
      case "blocks" -> Files.write(Path.of(arguments[2]), BlockIndex.of(first).bytes());
      case "make" ->
          new DeltaMaker()
              .make(first, Path.of(arguments[2]), Path.of(arguments[3]), ProgressListener.NONE);
      case "measure" ->
          new BenchDelta(first, Path.of(arguments[2]), Path.of(arguments[3]))
              .measure(Integer.parseInt(arguments[4]));
      default -> {
        new BenchDelta(first, Path.of(arguments[2]), first).apply(Path.of(arguments[3]));
        printMemory();
      }
    }
  }

  private static void noise(Path file, int mebibytes) throws IOException {
    SplittableRandom random = new SplittableRandom(20260630);
    byte[] bytes = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(bytes);
        out.write(bytes);
      }
    }
  }

  // ---- measuring

  private void measure(int runs) throws Exception {
    expand();
    patch();
    Listed listed = Listed.of(directory.resolve("expanded-new"));
    for (int run = 0; run < runs; run++) {
      for (int turn = 0; turn < 3; turn++) {
        switch ((run + turn) % 3) {
          case 0 -> time("library", () -> apply(directory.resolve("new")));
          case 1 -> time("xdelta3", this::patch);
          default -> time("recompress", listed::compress);
        }
      }
    }
  }

  /** Something to be measured. */
  private interface Work {
    void run() throws Exception;
  }

  private static void time(String kind, Work work) throws Exception {
    long from = System.nanoTime();
    work.run();
    System.out.printf("%s %.6f%n", kind, (System.nanoTime() - from) / 1e9);
  }

  private void apply(Path target) throws Exception {
    new DeltaApplier().apply(old, delta, target, ProgressListener.NONE);
  }

  private void patch() throws Exception {
    String patch = directory.resolve("patch").toString();
    String source = directory.resolve("expanded-old").toString();
    String target = directory.resolve("expanded-new").toString();
    int status =
        new ProcessBuilder("xdelta3", "-d", "-q", "-f", "-s", source, patch, target)
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("xdelta3 ended with " + status);
    }
  }

  // ---- what the parts are measured with

  /** Takes the delta apart: writes the patch, and the source expanded as its list says. */
  private void expand() throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(delta));
    SqdeltaHeader header = SqdeltaHeader.read(bytes, 0);
    int patch = SqdeltaHeader.SIZE + header.blockCount() * ENTRY;
    try (OutputStream out = Files.newOutputStream(directory.resolve("patch"))) {
      out.write(bytes.array(), patch, bytes.capacity() - patch);
    }
    Path expanded = directory.resolve("expanded-old");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(expanded))) {
      byte[] image = Files.readAllBytes(old);
      List<byte[]> plain = new ArrayList<>();
      for (int i = 0; i < header.blockCount(); i++) {
        int at = SqdeltaHeader.SIZE + i * ENTRY;
        int offset = bytes.getInt(at);
        int length = bytes.getInt(at + 4);
        plain.add(decompress(header, image, offset, length, bytes.getInt(at + 8)));
        java.util.Arrays.fill(image, offset, offset + length, (byte) 0);
      }
      out.write(image);
      for (byte[] block : plain) {
        out.write(block);
      }
      out.write(bytes.array(), SqdeltaHeader.SIZE, patch - SqdeltaHeader.SIZE);
      out.write(bytes.array(), 0, SqdeltaHeader.SIZE);
    }
  }

  private static byte[] decompress(
      SqdeltaHeader header, byte[] image, int offset, int length, int plainLength)
      throws Exception {
    Decompressor decompressor = Decompressors.of(header.compression().algorithm());
    ByteBuffer source = ByteBuffer.allocateDirect(length).put(0, image, offset, length);
    ByteBuffer target = ByteBuffer.allocateDirect(plainLength);
    decompressor.decompress(source, 0, length, target, 0, plainLength);
    byte[] plain = new byte[plainLength];
    target.get(0, plain);
    return plain;
  }

  /** The blocks that the target lists, uncompressed, and what compresses them. */
  private record Listed(Compressor compressor, List<ByteBuffer> blocks) {
    static Listed of(Path expanded) throws Exception {
      try (FileChannel file = FileChannel.open(expanded)) {
        MappedByteBuffer bytes = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size());
        SqdeltaHeader header = SqdeltaHeader.read(bytes, bytes.capacity() - SqdeltaHeader.SIZE);
        int list = bytes.capacity() - SqdeltaHeader.SIZE - header.blockCount() * ENTRY;
        List<ByteBuffer> blocks = new ArrayList<>();
        int at = list;
        for (int i = header.blockCount() - 1; i >= 0; i--) {
          int length = bytes.getInt(list + i * ENTRY + 8);
          at -= length;
          blocks.add(ByteBuffer.allocateDirect(length).put(0, bytes, at, length));
        }
        return new Listed(header.compression().compressors().getFirst(), blocks);
      }
    }

    void compress() throws Exception {
      AtomicInteger next = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        threads.add(Thread.ofPlatform().start(() -> compress(next)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }

    private void compress(AtomicInteger next) {
      ByteBuffer target = ByteBuffer.allocateDirect(2 << 20);
      try {
        for (int i = next.getAndIncrement(); i < blocks.size(); i = next.getAndIncrement()) {
          ByteBuffer block = blocks.get(i);
          compressor.compress(block, 0, block.capacity(), target, 0, target.capacity());
        }
      } catch (io.strata.codec.CodecException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  // ---- memory

  private static void printMemory() throws IOException {
    long heap = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      heap += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    System.out.println("heap " + heap);
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        System.out.println("resident " + (Long.parseLong(line.replaceAll("[^0-9]", "")) << 10));
      }
    }
  }
}
