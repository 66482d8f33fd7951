package io.strata.fuse.kernel;

import io.strata.RingSwitch;
import io.strata.fuse.MountOptions;
import io.strata.fuse.MountOptions.Flag;
import io.strata.fuse.Session;
import org.junit.jupiter.api.DisplayName;

@DisplayName("A read-only mount over io_uring")
class RingReadOnlyIT extends KernelReadOnlyIT {
  @Override
  Session start(MountOptions options) throws Exception {
    try (RingSwitch on = RingSwitch.on()) {
      return super.start(options.with(Flag.IO_URING, true));
    }
  }
}
