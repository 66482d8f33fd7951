package io.strata.union;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in a merged directory, in an order that lasts: an entry keeps its position as long as it
 * stays, one that comes gets a new one behind all that ever were. So whoever reads on from a
 * position meets each entry at most once, and all that stay.
 *
 * <p>Locking: read under the name lock shared, changed under the exclusive one.
 */
final class DirectoryListing {
  /**
   * An entry.
   *
   * @param inode its st_ino, 0 where only looking it up tells
   * @param lower the whole answer for an entry that no other layer has a part in, else null
   * @param from the first of the directory's lower layers that may have the name
   */
  record Item(Name name, int type, long inode, @Nullable Lower lower, int from) {
    Item(Name name, int type, long inode, @Nullable Lower lower) {
      this(name, type, inode, lower, 0);
    }
  }

  /** So many entries may have gone before their slots are given up. */
  private static final int GAPS = 64;

  private final List<@Nullable Item> items; // by slot; null where the entry has gone
  private long @Nullable [] positions; // by slot, ascending; null while they are the slots
  private long nextPosition;
  private int gaps;
  private @Nullable Map<Name, Integer> slots;

  DirectoryListing(List<Item> items) {
    this.items = new ArrayList<>(items);
    this.nextPosition = items.size();
  }

  /** How many slots there are. */
  int slots() {
    return items.size();
  }

  /** The entry in a slot, or null if it has gone. */
  @Nullable Item at(int slot) {
    return items.get(slot);
  }

  /** The position of the entry in a slot. */
  long position(int slot) {
    long[] all = positions;
    return all == null ? slot : all[slot];
  }

  /** The first slot at {@code position} or behind; {@link #slots} where there is none. */
  int slotFrom(long position) {
    long[] all = positions;
    if (all == null) {
      return (int) Math.min(position, items.size());
    }
    int found = Arrays.binarySearch(all, 0, items.size(), position);
    return found >= 0 ? found : -found - 1;
  }

  boolean isEmpty() {
    return items.stream().allMatch(item -> item == null);
  }

  /** How many entries are of {@code type}. */
  int count(int type) {
    return (int) items.stream().filter(item -> item != null && item.type() == type).count();
  }

  void add(Item item) {
    remove(item.name());
    int slot = items.size();
    if (positions != null) {
      positions = slot < positions.length ? positions : Arrays.copyOf(positions, 2 * slot + 1);
      positions[slot] = nextPosition;
    }
    nextPosition++;
    slotsByName().put(item.name(), slot);
    items.add(item);
  }

  void remove(Name name) {
    Integer slot = slotsByName().remove(name);
    if (slot != null) {
      items.set(slot, null);
      gaps++;
      if (gaps > GAPS && gaps > items.size() / 2) {
        closeGaps();
      }
    }
  }

  /** Gives up the slots of what has gone. Positions stay. */
  private void closeGaps() {
    long[] kept = new long[items.size()];
    int count = 0;
    for (int slot = 0; slot < items.size(); slot++) {
      Item item = items.get(slot);
      if (item != null) {
        kept[count] = position(slot);
        items.set(count, item);
        count++;
      }
    }
    items.subList(count, items.size()).clear();
    positions = kept;
    gaps = 0;
    slots = null;
  }

  /** An entry was copied up: what the lower layer said of it counts no more. */
  void copiedUp(Name name) {
    Integer slot = slotsByName().get(name);
    Item item = slot == null ? null : items.get(slot);
    if (slot != null && item != null) {
      items.set(slot, new Item(item.name(), item.type(), item.inode(), null, item.from()));
    }
  }

  private Map<Name, Integer> slotsByName() {
    Map<Name, Integer> known = slots;
    if (known == null) {
      known = new HashMap<>(items.size() * 2);
      for (int i = 0; i < items.size(); i++) {
        Item item = items.get(i);
        if (item != null) {
          known.put(item.name(), i);
        }
      }
      slots = known;
    }
    return known;
  }
}
