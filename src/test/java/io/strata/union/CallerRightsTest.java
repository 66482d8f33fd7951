package io.strata.union;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A caller may keep a file's setgid bit")
class CallerRightsTest {
  @ParameterizedTest(name = "in the groups \"{0}\", with the capabilities {1}, asked for {2}: {3}")
  @CsvSource({
    "'4 24 27', 0000000000000000, 24, true", // one of its groups
    "'4 24 27', 0000000000000000, 2, false", // only the beginning of one
    "'', 0000000000000000, 0, false", // none
    "'4294967294', 0000000000000000, -2, true", // above 2^31
    "'', 0000000000000010, 24, true", // CAP_FSETID, bit 4
    "'', 000001ffffffffef, 24, false", // every other capability
    "'', ffffffffffffffff, 24, true"
  })
  void mayKeepSetgid(String groups, String capabilities, int group, boolean may) {
    String status =
        "Name:\tx\nGroups:\t" + groups + " \nCapPrm:\tffffffffffffffff\nCapEff:\t" + capabilities;
    assertEquals(may, CallerRights.allowed(status + "\n", group));
  }
}
