package io.strata.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A VCDIFF")
class VcdiffDecoderTest {
  private static final String SOURCE = "abcdefghijklmnop";
  private static final String HEADER = "d6c3c400 00 ";

  @TempDir Path directory;

  private String decode(String hex) throws IOException, DeltaException {
    byte[] source = SOURCE.getBytes(StandardCharsets.US_ASCII);
    byte[] target = Vcdiffs.decode(source, Vcdiffs.hex(hex), directory);
    return new String(target, StandardCharsets.US_ASCII);
  }

  @Test
  @DisplayName("with RFC 3284's own example gives its target")
  void example() throws Exception {
    String patch =
        """
        d6c3c400    # magic, version 0
        00          # header indicator
        01          # window: VCD_SOURCE
        10 00       # segment: 16 bytes at 0
        13          # length of the delta encoding
        1c          # target window: 28 bytes
        00          # delta indicator
        05 06 03    # sections: data 5, instructions 6, addresses 3
        7778797a 7a # data: wxyz, and z to run
        14          # COPY 4, mode 0 (self): abcd
        05          # ADD 4: wxyz
        14          # COPY 4, mode 0: efgh
        1c          # COPY 12, mode 0: the efgh just made, three times
        00 04       # RUN 4: zzzz
        00 04 18    # addresses: 0, 4, 24
        """;
    assertEquals("abcdwxyzefghefghefghefghzzzz", decode(patch));
  }

  @Test
  @DisplayName("with each address mode copies from where that points")
  void modes() throws Exception {
    String patch =
        HEADER
            + """
            01                   # VCD_SOURCE
            08 04                # segment: 8 bytes at 4, efghijkl
            12 14 00 01 07 05    # lengths: 18, target window 20, sections 1, 7 and 5
            21                   # data: !
            14                   # COPY 4, mode 0 (self)
            24                   # COPY 4, mode 1 (here)
            34                   # COPY 4, mode 2 (near[0])
            74                   # COPY 4, mode 6 (same[0])
            13 03                # COPY, mode 0, of 3
            02                   # ADD 1: !
            02                   # self 2: ghij
            0c                   # here 12 - 12 = 0: efgh
            01                   # near[0] = 2, + 1 = 3: hijk
            02                   # same[2] = 2: ghij
            10                   # self 16, the 9th byte made: hij
            """;
    assertEquals("ghij" + "efgh" + "hijk" + "ghij" + "hij" + "!", decode(patch));
  }

  @Test
  @DisplayName("repeats itself where a copy overlaps what it makes")
  void overlap() throws Exception {
    assertEquals(
        "xyxyxyxyxy",
        decode(
            HEADER
                + """
                00              # neither source nor target segment
                0b 0a 00 02 03 01
                7879            # data: xy
                03 13 08        # ADD 2; COPY, mode 0, of 8
                00              # from 0
                """));
  }

  @Test
  @DisplayName("may copy across the end of the source segment into the window")
  void across() throws Exception {
    assertEquals(
        "Zop" + "opZo",
        decode(
            HEADER
                + """
                01 02 0e        # segment: 2 bytes at 14, op
                0c 07 00 01 04 02
                5a              # Z
                02 13 02 14     # ADD 1; COPY, mode 0, of 2; COPY 4
                00 00           # from 0, op; from 0 again: op, and then the window's Z and o
                """));
  }

  @Test
  @DisplayName("has windows that need no other: they are decoded from the last to the first")
  void windows() throws Exception {
    assertEquals(
        "ABCD" + "bcd!",
        decode(
            HEADER
                + """
                00 0a 04 00 04 01 00 41424344 05     # ADD 4: ABCD
                01 03 01                             # VCD_SOURCE: 3 bytes at 1
                0a 04 00 01 03 01 21 13 03 02 00     # COPY 3 from 0, ADD 1: !
                """));
  }

  @Test
  @DisplayName("may carry an application header, and checksums that must hold")
  void checksum() throws Exception {
    String patch =
        """
        d6c3c400 04     # header indicator: VCD_APPHEADER
        03 616263       # 3 bytes for the application
        04              # VCD_ADLER32
        0c 02 00        # length, target length 2, delta indicator
        02 01 00        # sections
        00f600f5        # Adler-32 of "zz", in a wrong form
        7a7a 03         # ADD 2: zz
        """;
    DeltaException e = assertThrows(DeltaException.class, () -> decode(patch));
    assertTrue(String.valueOf(e.getMessage()).contains("checksum is 0x017000f5"), e.toString());
    assertEquals("zz", decode(patch.replace("00f600f5  ", "017000f5  ")));
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("no VCDIFF of version 0", "d6c3c401 00"),
        Arguments.of("no VCDIFF of version 0", "d6c3c453 00"),
        Arguments.of("unknown VCDIFF header indicator 0x08", "d6c3c400 08"),
        Arguments.of("LZMA", "d6c3c400 01 02"),
        Arguments.of("FGK", "d6c3c400 01 10"),
        Arguments.of("99 (unknown)", "d6c3c400 01 63"),
        Arguments.of("code table", "d6c3c400 02 05 0401020304"),
        Arguments.of("ends in the middle", "d6c3c400 04 05 00"),
        Arguments.of("ends in the middle", "d6c3c4"),
        Arguments.of("invalid window indicator 0x03", HEADER + "03"),
        Arguments.of("invalid window indicator 0x08", HEADER + "08"),
        Arguments.of("not inside the 16", HEADER + "01 11 00 05 01 00 00 00 00"),
        Arguments.of("not inside the 16", HEADER + "01 01 10 05 01 00 00 00 00"),
        Arguments.of("VCD_TARGET", HEADER + "02 01 00 05 01 00 00 00 00"),
        Arguments.of("data section length 1026 is over", HEADER + "00 07 01 00 8802 00 00"),
        Arguments.of("instructions section length 1027 is", HEADER + "00 07 01 00 00 8803 00"),
        Arguments.of("addresses section length 1027 is", HEADER + "00 07 01 00 00 00 8803"),
        Arguments.of("too large", HEADER + "01 ffffffffffffffffff7f 00"),
        Arguments.of("over the limit", HEADER + "00 09 a0808001 00 00 00 00"),
        Arguments.of("invalid delta indicator 0x01", HEADER + "00 05 01 01 00 00 00"),
        Arguments.of("delta encoding length", HEADER + "00 06 00 00 00 00 00"),
        Arguments.of("ends in the middle", HEADER + "00 07 02 00 02 00 00 41"),
        Arguments.of("makes 0 bytes instead of 2", HEADER + "00 05 02 00 00 00 00"),
        Arguments.of("makes 4 bytes where 2 are left", HEADER + "00 0a 02 00 04 01 00 41424344 05"),
        Arguments.of("data section is too short", HEADER + "00 06 02 00 00 01 00 03"),
        Arguments.of("data section has 1 bytes too many", HEADER + "00 08 01 00 02 01 00 4142 02"),
        Arguments.of("addresses section has 1", HEADER + "00 08 01 00 01 01 01 41 02 00"),
        Arguments.of("instructions section is too short", HEADER + "00 06 02 00 00 01 00 01"),
        Arguments.of("not before 0", HEADER + "00 07 04 00 00 01 01 14 00"),
        Arguments.of("not before 16", HEADER + "01 10 00 07 04 00 00 01 01 14 10"),
        Arguments.of("not before 16", HEADER + "01 10 00 07 04 00 00 01 01 24 11"),
        Arguments.of("not before 16", HEADER + "01 10 00 0f 04 00 00 01 09 34 ffffffffffffffff7f"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  @DisplayName("is refused where it says what can't be")
  void refused(String why, String hex) {
    DeltaException e = assertThrows(DeltaException.class, () -> decode(hex));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(why), message);
  }
}
