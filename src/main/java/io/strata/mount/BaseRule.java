package io.strata.mount;

import io.strata.union.BaseCheck;
import io.strata.union.UnionException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An upper stays with what it lies on: the image of its first use, or the snapshots of one
 * repository. Another base is taken only when the user says so.
 *
 * @param upper the upper, for messages
 * @param present what it is to lie on now
 * @param acceptAny whether the user said {@code --accept-new-base}
 */
record BaseRule(Path upper, Base present, boolean acceptAny) implements BaseCheck {
  @Override
  public byte[] check(byte @Nullable [] recorded) throws UnionException {
    if (recorded == null || acceptAny) {
      return present.encode();
    }
    Base former = Base.decode(recorded);
    if (former == null) {
      throw new UnionException(
          upper
              + ": a newer Strata recorded what it lies on; use that, or give --accept-new-base to"
              + " keep its changes over "
              + present);
    }
    if (!present.follows(former)) {
      throw refusal(former);
    }
    // Mounted by the name of its file, a snapshot is still one.
    boolean knewMore = present.repository().isEmpty() && former.repository().isPresent();
    return knewMore ? recorded : present.encode();
  }

  private UnionException refusal(Base former) {
    String what =
        present.digest().equals(former.digest())
            ? "with other layers or another subdir"
            : "not over " + present;
    return new UnionException(
        upper
            + ": its changes were made over "
            + former
            + ", "
            + what
            + "; mount it over that again, name another --upper, or give --accept-new-base to keep"
            + " them over this one");
  }
}
