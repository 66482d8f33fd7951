package io.strata.delta.sqdelta2;

import io.strata.delta.DeltaException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Finds the .gz files of a frame that differ from what they were in its dictionary, and that can be
 * deflated again. For one thread.
 */
final class MemberFinder {
  /** Inflated bytes of one member; larger ones are left as they are. */
  private static final int MOST = 2 << 20;

  /** What is said of a member that nobody deflates. */
  private static final Deflation.Way OLD = new Deflation.Way(0, new int[0]);

  private static final int HEADER = 10;
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;

  private final Deflation deflation = new Deflation();
  private final int most;

  /**
   * A finder.
   *
   * @param most members that a frame may have, with the ends of blocks that are said, and that its
   *     dictionary may have
   */
  MemberFinder(int most) {
    this.most = most;
  }

  /**
   * Where a file is in a frame, and the same file in its dictionary.
   *
   * @param at where it starts in the frame's content
   * @param old where it starts in the dictionary
   */
  record Pair(int at, int length, int old, int oldLength) {}

  /**
   * What was found.
   *
   * @param old members of the dictionary
   * @param now members of the content
   */
  record Found(Members old, Members now) {
    static final Found NOTHING = new Found(Members.NONE, Members.NONE);
  }

  /** A member and its bytes. */
  private record Member(int at, int stored, byte[] plain, Deflation.Way way) {}

  /**
   * Looks through the files of a frame.
   *
   * @param matterRoom bytes by which the content may grow
   * @param dictionaryRoom bytes by which the dictionary may grow
   */
  Found find(
      List<Pair> pairs, byte[] content, byte[] dictionary, int matterRoom, long dictionaryRoom)
      throws DeltaException {
    List<Member> old = new ArrayList<>();
    List<Member> now = new ArrayList<>();
    int matterLeft = matterRoom;
    long dictionaryLeft = dictionaryRoom;
    int left = most;
    for (Pair pair : pairs) {
      Member member = member(content, pair.at(), pair.length());
      Member before = member == null ? null : member(dictionary, pair.old(), pair.oldLength());
      if (member == null || before == null || same(content, member, dictionary, before)) {
        continue;
      }
      boolean fits = member.plain().length <= matterLeft && before.plain().length <= dictionaryLeft;
      Deflation.Way way = fits && left > 0 ? way(member, content) : null;
      if (way != null && way.blocks().length < left) {
        left -= 1 + way.blocks().length;
        matterLeft -= member.plain().length;
        dictionaryLeft -= before.plain().length;
        now.add(new Member(member.at(), member.stored(), member.plain(), way));
        old.add(before);
      }
    }
    return new Found(members(old), members(now));
  }

  private Deflation.@Nullable Way way(Member member, byte[] content) throws DeltaException {
    return deflation.find(member.plain(), content, member.at(), member.stored());
  }

  private static boolean same(byte[] content, Member member, byte[] dictionary, Member before) {
    return Arrays.equals(
        content,
        member.at(),
        member.at() + member.stored(),
        dictionary,
        before.at(),
        before.at() + before.stored());
  }

  private static Members members(List<Member> unordered) {
    List<Member> list = new ArrayList<>();
    int end = 0;
    for (Member member : unordered.stream().sorted(Comparator.comparingInt(Member::at)).toList()) {
      if (member.at() >= end) { // two files may have had the same contents
        list.add(member);
        end = member.at() + member.stored();
      }
    }
    return new Members(
        list.stream().mapToInt(Member::at).toArray(),
        list.stream().mapToInt(Member::stored).toArray(),
        list.stream().mapToInt(member -> member.plain().length).toArray(),
        list.stream().mapToInt(member -> member.way().number()).toArray(),
        list.stream().map(member -> member.way().blocks()).toArray(int[][]::new));
  }

  /** The member of a .gz file (RFC 1952); null if it is none, or has more than one. */
  private static @Nullable Member member(byte[] bytes, int at, int length) {
    int header = header(bytes, at, length);
    if (header < 0) {
      return null;
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(bytes, at + header, length - header);
      byte[] plain = new byte[Math.min(MOST, 16 * length)];
      int n = inflater.inflate(plain);
      int stored = Math.toIntExact(inflater.getBytesRead());
      boolean whole = inflater.finished() && n > 0 && stored > 0;
      return whole ? new Member(at + header, stored, Arrays.copyOf(plain, n), OLD) : null;
    } catch (DataFormatException _) {
      return null;
    } finally {
      inflater.end();
    }
  }

  /** How long the header of a .gz file is; -1 if there is none. */
  private static int header(byte[] bytes, int at, int length) {
    if (length < HEADER
        || bytes[at] != 0x1f
        || bytes[at + 1] != (byte) 0x8b
        || bytes[at + 2] != 8) {
      return -1;
    }
    int flags = bytes[at + 3];
    int header = HEADER;
    if ((flags & (FEXTRA | FHCRC)) != 0) {
      return -1; // no tool of today writes these
    }
    for (int text : new int[] {FNAME, FCOMMENT}) {
      if ((flags & text) != 0) {
        while (header < length && bytes[at + header] != 0) {
          header++;
        }
        header++;
      }
    }
    return header < length ? header : -1;
  }
}
