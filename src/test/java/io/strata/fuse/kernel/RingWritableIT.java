package io.strata.fuse.kernel;

import io.strata.RingSwitch;
import io.strata.fuse.MemoryFileSystem;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import org.junit.jupiter.api.DisplayName;

@DisplayName("A writable mount over io_uring")
class RingWritableIT extends KernelWritableIT {
  @Override
  Session start(MemoryFileSystem fileSystem, MountOptions options) throws Exception {
    try (RingSwitch on = RingSwitch.on()) {
      return super.start(fileSystem, options.with(Flag.IO_URING, true));
    }
  }
}
