package io.strata.delta.sqdelta2;

import io.strata.delta.sqdelta2.Inode.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds for each inode of the target the one of the source that had its path. */
final class PathMatcher {
  private final List<Inode> old;
  private final List<Inode> now;
  private final @Nullable Inode[] likes;
  private final Deque<Pair> open = new ArrayDeque<>();

  /** A directory of the source and one of the target with the same path. */
  private record Pair(Inode old, Inode now) {}

  PathMatcher(ImageModel source, ImageModel target) {
    this.old = source.inodes();
    this.now = target.inodes();
    this.likes = new Inode[now.size()];
    int oldRoot = source.root();
    int root = target.root();
    if (oldRoot >= 0 && root >= 0) {
      match(root, old.get(oldRoot));
    }
  }

  /** The inodes of the source, by the records of the target; null where there is none. */
  @Nullable Inode[] likes() {
    while (!open.isEmpty()) {
      Pair pair = open.pop();
      Map<ByteBuffer, Entry> names = HashMap.newHashMap(pair.old().entries.size());
      for (Entry entry : pair.old().entries) {
        names.put(ByteBuffer.wrap(entry.name), entry);
      }
      for (Entry entry : pair.now().entries) {
        Entry like = names.get(ByteBuffer.wrap(entry.name));
        if (like != null) {
          match(entry.child, old.get(like.child));
        }
      }
    }
    return likes;
  }

  private void match(int record, Inode like) {
    Inode inode = now.get(record);
    if (likes[record] == null && inode.basicType() == like.basicType()) {
      likes[record] = like;
      if (inode.isDirectory()) {
        open.push(new Pair(like, inode));
      }
    }
  }
}
