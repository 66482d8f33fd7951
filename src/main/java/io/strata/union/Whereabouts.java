package io.strata.union;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In which directories each file of the union is, by node id: about 12 bytes for a file, as inode
 * numbers lie close together. The names themselves are not kept, only their hashes; whoever looks
 * for one goes through the directory.
 *
 * <p>Thread-safe.
 */
final class Whereabouts {
  private static final int PAGE_BITS = 8;

  /** What is said of 256 ids that follow each other; a parent of 0 says that there is none. */
  private record Page(long[] parents, int[] hashes) {
    Page() {
      this(new long[1 << PAGE_BITS], new int[1 << PAGE_BITS]);
    }
  }

  /**
   * A name that a file has.
   *
   * @param parent the directory's node id
   * @param nameHash {@link Name#hashCode}
   */
  record Spot(long parent, int nameHash) {}

  private final LongMap<Page> pages = new LongMap<>();

  /** The second name and the following ones. */
  private final LongMap<List<Spot>> more = new LongMap<>();

  /** Says that a file has a name; again, for all it matters. */
  synchronized void add(long id, long parent, Name name) {
    Page page = pages.get(id >>> PAGE_BITS);
    if (page == null) {
      page = new Page();
      pages.put(id >>> PAGE_BITS, page);
    }
    int at = at(id);
    Spot spot = new Spot(parent, name.hashCode());
    if (page.parents[at] == 0) {
      put(page, at, spot);
    } else if (!spot.equals(first(page, at))) {
      addMore(id, spot);
    }
  }

  private void addMore(long id, Spot spot) {
    List<Spot> others = more.get(id);
    if (others == null) {
      others = new ArrayList<>(1);
      more.put(id, others);
    }
    if (!others.contains(spot)) {
      others.add(spot);
    }
  }

  /** Says that a file has lost a name. */
  synchronized void remove(long id, long parent, Name name) {
    Page page = pages.get(id >>> PAGE_BITS);
    if (page == null) {
      return;
    }
    Spot spot = new Spot(parent, name.hashCode());
    List<Spot> others = more.get(id);
    if (!spot.equals(first(page, at(id)))) {
      if (others != null) {
        others.remove(spot);
      }
    } else if (others == null || others.isEmpty()) {
      page.parents[at(id)] = 0;
    } else {
      put(page, at(id), others.removeLast());
    }
    if (others != null && others.isEmpty()) {
      more.remove(id);
    }
  }

  /** All names of a file; none where there is no such file. */
  synchronized List<Spot> of(long id) {
    Page page = pages.get(id >>> PAGE_BITS);
    if (page == null || page.parents[at(id)] == 0) {
      return List.of();
    }
    List<Spot> spots = new ArrayList<>();
    spots.add(first(page, at(id)));
    @Nullable List<Spot> others = more.get(id);
    if (others != null) {
      spots.addAll(others);
    }
    return spots;
  }

  private static int at(long id) {
    return (int) id & (1 << PAGE_BITS) - 1;
  }

  private static Spot first(Page page, int at) {
    return new Spot(page.parents[at], page.hashes[at]);
  }

  private static void put(Page page, int at, Spot spot) {
    page.parents[at] = spot.parent();
    page.hashes[at] = spot.nameHash();
  }
}
