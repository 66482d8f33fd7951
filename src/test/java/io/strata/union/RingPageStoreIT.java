package io.strata.union;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;

@DisplayName("What the kernel is given before it asks, over io_uring")
class RingPageStoreIT extends PageStoreIT {
  @Override
  ImageMount mount(Path image, Path mountPoint) throws Exception {
    return ImageMount.overRing(image, mountPoint);
  }
}
