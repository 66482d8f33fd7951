package io.strata.blocks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that a mirror may send for a block index. */
@DisplayName("Whatever bytes are said to be a block index")
class BlockIndexFuzzTest {
  private static final String SHA512 = "0f".repeat(64);

  static Stream<Arguments> indexes() {
    Part one = new Part(0, 96, new PartDigest(1, 2, 3));
    Part two = new Part(96, Part.MAX_LENGTH, new PartDigest(-1, -1, -1));
    Part three = new Part(two.end(), 1, new PartDigest(1, 2, 3));
    return Stream.of(List.of(one), List.of(one, two), List.of(one, two, three))
        .map(parts -> Arguments.of((Object) new BlockIndex(SHA512, parts).bytes()));
  }

  @MethodSource("indexes")
  @FuzzTest
  void index(byte[] bytes) {
    BlockIndex index;
    try {
      index = BlockIndex.read(bytes);
    } catch (BlockIndexException e) {
      return; // refused
    }
    long end = 0;
    for (Part part : index.parts()) {
      assertEquals(end, part.offset());
      assertTrue(part.length() > 0 && part.length() <= Part.MAX_LENGTH, "" + part);
      end = part.end();
    }
    assertEquals(index.length(), end);
    assertTrue(index.imageSha512().matches("[0-9a-f]{128}"), index.imageSha512());
    assertArrayEquals(bytes, index.bytes());
  }
}
