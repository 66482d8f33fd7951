package io.strata.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Errno;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What io_uring takes")
class RingOfferTest {
  @ParameterizedTest(name = "{0}: {1}")
  @DisplayName("is a queue for each processor of the kernel's list")
  @CsvSource(
      delimiter = ';',
      value = {"0;1", "0-1;2", "0-127;128", "0,2-3,8;4"})
  void counts(String list, int count) {
    assertEquals(count, RingOffer.count(list));
  }

  @Test
  @DisplayName("is named where the system refuses it")
  void refusals() {
    assertTrue(message(Errno.EPERM).contains("kernel.io_uring_disabled"));
    assertTrue(message(Errno.ENOMEM).contains("ulimit -l"));
    assertTrue(message(Errno.EMFILE).contains("ulimit -n"));
    assertTrue(String.valueOf(RingOffer.missing().getMessage()).contains("Linux 6.14"));
  }

  private static String message(int errno) {
    return String.valueOf(RingOffer.refused(errno).getMessage());
  }
}
