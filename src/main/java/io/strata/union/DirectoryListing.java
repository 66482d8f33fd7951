package io.strata.union;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in a merged directory, in an order that lasts: an entry keeps its position as long as the
 * listing lives, one that goes leaves its position empty, and one that comes gets a new one at the
 * end. So whoever reads on from a position meets each entry at most once, and all that stay.
 *
 * <p>Locking: read under the name lock shared, changed under the exclusive one.
 */
final class DirectoryListing {
  /**
   * An entry.
   *
   * @param inode its st_ino, 0 where only looking it up tells
   * @param lower the whole answer for an entry that no other layer has a part in, else null
   */
  record Item(Name name, int type, long inode, @Nullable Lower lower) {}

  private final List<@Nullable Item> items;
  private @Nullable Map<Name, Integer> positions;

  DirectoryListing(List<Item> items) {
    this.items = new ArrayList<>(items);
  }

  /** One more than the last position. */
  int end() {
    return items.size();
  }

  /** The entry at a position, or null if it has gone. */
  @Nullable Item at(int position) {
    return items.get(position);
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
    positions().put(item.name(), items.size());
    items.add(item);
  }

  void remove(Name name) {
    Integer position = positions().remove(name);
    if (position != null) {
      items.set(position, null);
    }
  }

  /** An entry was copied up: what the lower layer said of it counts no more. */
  void copiedUp(Name name) {
    Integer position = positions().get(name);
    Item item = position == null ? null : items.get(position);
    if (position != null && item != null) {
      items.set(position, new Item(item.name(), item.type(), item.inode(), null));
    }
  }

  private Map<Name, Integer> positions() {
    Map<Name, Integer> known = positions;
    if (known == null) {
      known = new HashMap<>(items.size() * 2);
      for (int i = 0; i < items.size(); i++) {
        Item item = items.get(i);
        if (item != null) {
          known.put(item.name(), i);
        }
      }
      positions = known;
    }
    return known;
  }
}
