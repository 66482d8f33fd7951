package io.strata.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.blocks.BlockIndex;
import io.strata.blocks.Part;
import io.strata.blocks.PartDigest;
import io.strata.store.Snapshot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A plan to fetch what is missing of an image")
class RangePlanTest {
  private static final int BIG = 100_000;

  @Test
  @DisplayName("copies what is here from wherever it lies, and fetches the rest")
  void copies() {
    RangePlan plan = plan(index(1, 2, 3, 4), index(3, 5, 1, 4));
    assertEquals(
        List.of(
            new RangePlan.Copy(2 * BIG, 0, BIG),
            new RangePlan.Copy(0, 2 * BIG, BIG),
            new RangePlan.Copy(3 * BIG, 3 * BIG, BIG)),
        plan.copies());
    assertEquals(List.of(BIG + "+" + BIG), fetches(plan));
    assertEquals(4 * BIG, plan.length());
    assertEquals(4 * BIG, plan.written());
    assertFalse(plan.isTooMuch(0));
  }

  @Test
  @DisplayName("makes one request of what is near each other")
  void merges() {
    List<Part> parts = new ArrayList<>();
    add(parts, 10, 1000);
    add(parts, 1, 1 << 15); // here, and so small that it comes along
    add(parts, 11, 1000);
    add(parts, 2, (1 << 15) + 1);
    add(parts, 12, 1000);
    List<Part> here = new ArrayList<>();
    add(here, 1, 1 << 15);
    add(here, 2, (1 << 15) + 1);
    RangePlan plan = plan(new BlockIndex("", here), new BlockIndex("", parts));
    assertEquals(List.of("0+" + (2000 + (1 << 15)), (2001 + (2 << 15)) + "+1000"), fetches(plan));
    // What comes along is not copied.
    assertEquals(
        List.of(new RangePlan.Copy(1 << 15, 2000 + (1 << 15), (1 << 15) + 1)), plan.copies());
  }

  @Test
  @DisplayName("makes at most 256 requests, whose gaps are the widest")
  void many() {
    List<Part> here = new ArrayList<>();
    List<Part> wanted = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      add(here, i, BIG + i);
      add(wanted, i, BIG + i);
      add(wanted, 1000 + i, 100);
    }
    RangePlan plan = plan(new BlockIndex("", here), new BlockIndex("", wanted));
    assertEquals(256, plan.fetches().size());
    // The gaps that were closed are the narrowest: those in front.
    assertEquals(wanted.get(1).offset(), plan.fetches().getFirst().from());
    assertEquals(100, plan.fetches().getLast().length());
  }

  @Test
  @DisplayName("is too much from above 70 percent on")
  void tooMuch() {
    RangePlan plan = plan(index(1, 2, 3), index(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    assertFalse(plan.isTooMuch(0));
    assertTrue(plan.isTooMuch(1)); // the block index
    assertTrue(plan(index(1, 2), index(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).isTooMuch(0));
  }

  @Test
  @DisplayName("does nothing anew that an earlier sync did")
  void goesOn() {
    BitSet done = new BitSet();
    done.set(0); // copied then
    done.set(2); // fetched then
    RangePlan plan =
        RangePlan.of(new Snapshot("demo", "1"), index(1, 2), "", index(1, 2, 3, 4), done);
    assertEquals(List.of(new RangePlan.Copy(BIG, BIG, BIG)), plan.copies());
    assertEquals(List.of(3 * BIG + "+" + BIG), fetches(plan));
    assertEquals(2 * BIG, plan.written());
  }

  private static List<String> fetches(RangePlan plan) {
    return plan.fetches().stream().map(f -> f.from() + "+" + f.length()).toList();
  }

  private static RangePlan plan(BlockIndex here, BlockIndex wanted) {
    return RangePlan.of(new Snapshot("demo", "1"), here, "", wanted, new BitSet());
  }

  private static BlockIndex index(int... contents) {
    List<Part> parts = new ArrayList<>();
    for (int content : contents) {
      add(parts, content, BIG);
    }
    return new BlockIndex("", parts);
  }

  private static void add(List<Part> parts, int content, int length) {
    long offset = parts.isEmpty() ? 0 : parts.getLast().end();
    parts.add(new Part(offset, length, new PartDigest(content, 0, 0)));
  }
}
