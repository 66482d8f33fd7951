package io.strata.delta;

import java.io.IOException;

/**
 * What the window headers of a patch say, read without applying it.
 *
 * @param windows how many windows there are
 * @param sourceLength how far into the expanded source they reach, in bytes
 * @param targetLength how long the expanded target becomes, in bytes
 */
record PatchSummary(int windows, long sourceLength, long targetLength) {
  static PatchSummary read(PatchInput in) throws IOException, DeltaException {
    VcdiffHeader header = VcdiffHeader.read(in);
    int windows = 0;
    long source = 0;
    long target = 0;
    while (in.remaining() > 0) {
      VcdiffWindow window = VcdiffWindow.read(in, header);
      in.skip(window.sectionsLength());
      windows++;
      target += window.targetLength();
      if (window.is(VcdiffWindow.VCD_SOURCE)) {
        window.checkSegment(Long.MAX_VALUE);
        source = Math.max(source, window.segmentOffset() + window.segmentLength());
      }
    }
    return new PatchSummary(windows, source, target);
  }
}
