package io.strata.delta;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;

/** Applies a delta, and says what memory that took: {@code heap BYTES anonymous BYTES}. */
final class ApplyProgram {
  private ApplyProgram() {}

  public static void main(String[] arguments) throws Exception {
    new DeltaApplier()
        .apply(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            ProgressListener.NONE);
    long heap = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      heap += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    System.out.println("heap " + heap + " anonymous " + anonymous());
  }

  /** What of the process is in memory now and belongs to no file. */
  private static long anonymous() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IOException("/proc/self/status has no RssAnon");
  }
}
