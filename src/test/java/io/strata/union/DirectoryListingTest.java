package io.strata.union;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.strata.posix.Stat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a directory's listing")
class DirectoryListingTest {
  private static Name name(int number) {
    return Name.sharing(("entry-" + number).getBytes(US_ASCII));
  }

  private static DirectoryListing.Item item(int number) {
    return new DirectoryListing.Item(name(number), Stat.S_IFREG, number, null);
  }

  private static DirectoryListing listing(int count) {
    List<DirectoryListing.Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(item(i));
    }
    return new DirectoryListing(items);
  }

  /** The st_ino of at most {@code most} entries from {@code position} on. */
  private static List<Long> read(DirectoryListing listing, long position, int most) {
    List<Long> seen = new ArrayList<>();
    for (int slot = listing.slotFrom(position); slot < listing.slots(); slot++) {
      DirectoryListing.Item item = listing.at(slot);
      if (item != null && seen.size() < most) {
        seen.add(item.inode());
      }
    }
    return seen;
  }

  @Test
  @DisplayName("keeps positions while most of it goes, and gives up the room of what has gone")
  void positions() {
    DirectoryListing listing = listing(20_000);
    for (int i = 0; i < 20_000; i++) {
      if (i % 100 != 99) {
        listing.remove(name(i));
      }
      if (i % 1000 == 999 && i < 19_999) { // a reader who stands behind entry i
        assertEquals(i + 1L, listing.position(listing.slotFrom(i + 1L)), "after " + i);
      }
    }
    assertTrue(listing.slots() <= 2 * 200 + 65, () -> listing.slots() + " slots for 200 entries");
    assertEquals(List.of(99L, 199L, 299L), read(listing, 0, 3));
    assertEquals(List.of(10_099L, 10_199L), read(listing, 10_000, 2));
    assertEquals(100, read(listing, 10_000, 20_000).size());
  }

  @Test
  @DisplayName("puts what comes behind all that ever was, also after gaps were closed")
  void later() {
    DirectoryListing listing = listing(300);
    for (int i = 0; i < 299; i++) {
      listing.remove(name(i));
    }
    listing.add(item(7));
    listing.add(item(299)); // the same name once more
    assertEquals(List.of(7L, 299L), read(listing, 0, 9));
    assertEquals(300, listing.position(listing.slotFrom(300)));
    assertEquals(List.of(299L), read(listing, 301, 9));
    assertEquals(List.of(), read(listing, 302, 9));
  }

  @Test
  @DisplayName("is empty when all has gone, and counts by type")
  void emptiness() {
    DirectoryListing listing = listing(200);
    assertEquals(200, listing.count(Stat.S_IFREG));
    for (int i = 0; i < 200; i++) {
      listing.remove(name(i));
    }
    assertTrue(listing.isEmpty());
    assertEquals(0, listing.count(Stat.S_IFREG));
  }
}
