package io.strata.mount;

import io.strata.fuse.FuseMountException;
import io.strata.fuse.Session;
import io.strata.fuse.Statistics;
import io.strata.mount.MountException.Kind;
import io.strata.posix.Errno;
import io.strata.posix.Posix;
import io.strata.squashfs.ImageStatistics;
import io.strata.store.Lease;
import io.strata.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Serves one mount in this process, from its making to its end, over all snapshots that it is
 * switched to.
 *
 * <p>Thread-safe. {@code lock} is held while something is mounted, switched or unmounted, and
 * guards the fields below it; no request of the mount ever takes it.
 */
final class MountServer {
  /**
   * Requests that nobody's use has to stand behind: the kernel's own, and those of who looks
   * whether the mount is there (stat, df, mountpoint). Whoever goes further in looks names up.
   */
  private static final Set<String> NO_USE =
      Set.of("FORGET", "BATCH_FORGET", "INTERRUPT", "GETATTR", "STATFS");

  private static final SortedMap<String, Long> NONE = Collections.emptySortedMap();

  private final Posix posix;
  private final Registry registry;
  private final Log log;
  private final long pid;
  private final ReentrantLock lock = new ReentrantLock();
  private MountPlan plan;
  private @Nullable Layers layers;
  private @Nullable Session session;

  MountServer(Posix posix, Registry registry, MountPlan plan, Log log) {
    this.posix = posix;
    this.registry = registry;
    this.plan = plan;
    this.log = log;
    this.pid = ProcessHandle.current().pid();
  }

  long pid() {
    return pid;
  }

  /**
   * Mounts and registers. When this returns, the mount answers.
   *
   * @throws MountException and nothing is left behind
   */
  void start() throws MountException {
    lock.lock();
    try (RegistryLock _ = RegistryLock.take(posix, registry)) {
      new PlannedMount(posix, plan).refuseSecond();
      mount(plan);
      try {
        register();
      } catch (MountException e) {
        takeBack();
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  private void mount(MountPlan next) throws MountException {
    Layers opened = Layers.open(posix, next, log);
    Session made;
    try {
      made = new PlannedMount(posix, next).mount(opened.fileSystem());
    } catch (FuseMountException e) {
      opened.close();
      throw leaving().failure(e);
    } catch (RuntimeException | Error e) {
      opened.close();
      throw e;
    }
    plan = next;
    layers = opened;
    session = made;
    try {
      new PlannedMount(posix, next).askRoot();
    } catch (MountException e) {
      takeBack();
      throw e;
    }
  }

  private void takeBack() {
    Session made = session;
    if (made != null) {
      leaving().unmountAnyhow(made);
    }
    forget();
  }

  private LeavingMount leaving() {
    return new LeavingMount(posix, registry.processes(), plan.mountPoint(), log);
  }

  // Afterwards nothing is mounted, held or leased.
  private void forget() {
    if (plan.words().stats() && session != null) {
      log.line("what " + plan.image() + " was asked at " + plan.mountPoint() + ":");
      new CountsTable(counts()).lines().forEach(log::line);
    }
    Layers opened = layers;
    layers = null;
    session = null;
    if (opened != null) {
      opened.close();
    }
  }

  private void register() throws MountException {
    long start = registry.processes().startTime(pid).orElse(0L);
    registry.put(new RegistryEntry(pid, start, Instant.now(), registry.socketOf(pid), plan));
  }

  /** Waits until the mount is gone for good, then gives up what it held. */
  void awaitEnd() throws InterruptedException {
    Session current = current();
    while (current != null) {
      current.awaitEnd();
      lock.lock(); // a switch that ended it has made another by now
      try {
        if (session == current) {
          forget();
          log.line("ended: " + plan.mountPoint() + " is unmounted");
        }
        current = session;
      } finally {
        lock.unlock();
      }
    }
  }

  private @Nullable Session current() {
    lock.lock();
    try {
      return session;
    } finally {
      lock.unlock();
    }
  }

  /** The image that is served, and where in its file it begins if not at the first byte. */
  String served() {
    lock.lock();
    try {
      long offset = layers == null ? 0 : layers.offset();
      return plan.image() + (offset == 0 ? "" : " (from byte " + offset + ")");
    } finally {
      lock.unlock();
    }
  }

  /** What was served until now, see {@link Counts}; nothing when the mount is just gone. */
  SortedMap<String, Long> counts() {
    lock.lock();
    try {
      Layers opened = layers;
      return statistics()
          .map(now -> Counts.of(now, opened == null ? ImageStatistics.NONE : opened.statistics()))
          .orElseGet(Collections::emptySortedMap);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Statistics> statistics() {
    Session current = current();
    return current == null ? Optional.empty() : Optional.of(current.statistics());
  }

  /**
   * Unmounts because this process has to end: lazily where the mount is busy, so that it can. Its
   * users see ENOTCONN if they have not left within five seconds.
   */
  void end() {
    lock.lock();
    try {
      Session current = session;
      if (current != null) {
        leaving().unmountAnyhow(current);
        forget();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the mount when it was not used for as long as the plan says, if it does. */
  void endWhenUnused() {
    OptionalInt timeout = plan.words().timeout();
    if (timeout.isPresent()) {
      IdleWatch watch = new IdleWatch(new Use(), Duration.ofSeconds(timeout.getAsInt()));
      Thread.ofPlatform().daemon().name("idle").start(() -> run(watch));
    }
  }

  private static void run(IdleWatch watch) {
    try {
      watch.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** This mount, as it is watched. */
  private final class Use implements IdleWatch.Watched {
    @Override
    public long requests() {
      long count = 0;
      for (Map.Entry<String, Long> each :
          statistics().map(Statistics::requests).orElse(NONE).entrySet()) {
        count += NO_USE.contains(each.getKey()) ? 0 : each.getValue();
      }
      return count;
    }

    @Override
    public boolean unmountUnused() throws InterruptedException {
      lock.lock();
      try {
        Session current = session;
        if (current == null || !PlannedMount.isOnTop(plan.mountPoint())) {
          return current == null;
        }
        current.detachUnused();
        log.line("unmounted, as nobody used it: " + plan.mountPoint());
        return true;
      } catch (FuseMountException e) {
        if (e.errno() != Errno.EBUSY) {
          log.line(String.valueOf(e.getMessage()));
        }
        return false;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean awaitEnd(Duration longest) throws InterruptedException {
      Session watched = current();
      if (watched == null || !watched.awaitEnd(longest)) {
        return watched == null;
      }
      Session now = current(); // another one after a switch
      return now == null || now == watched;
    }
  }

  /**
   * Serves another snapshot from now on, with the same upper layer and options.
   *
   * @throws MountException of kind BUSY while the mount is in use; of another kind if the new image
   *     can't be mounted. In both cases the old snapshot goes on being served
   */
  void switchTo(Path image, String snapshot) throws MountException {
    lock.lock();
    try {
      Session current = session;
      if (current == null) {
        throw new MountException(Kind.MOUNT, plan.mountPoint() + ": unmounted meanwhile");
      }
      MountPlan old = plan;
      MountPlan next = old.on(image, snapshot);
      try (Layers.Image checked = Layers.check(posix, next);
          Lease _ = leaseIfThere(old.image())) {
        log.line("switching from " + old.image() + " to " + checked.path());
        unmountForSwitch(current);
        remount(next, old);
      }
      register();
    } finally {
      lock.unlock();
    }
  }

  private void unmountForSwitch(Session current) throws MountException {
    try {
      current.unmount();
    } catch (FuseMountException e) {
      throw leaving().failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MountException(Kind.MOUNT, plan.mountPoint() + ": interrupted", e);
    }
    forget();
  }

  // Somebody may have removed the file by hand; then there is no way back, but still one forward.
  private @Nullable Lease leaseIfThere(Path image) {
    try {
      return Lease.of(posix, image);
    } catch (StoreException e) {
      log.line(String.valueOf(e.getMessage()));
      return null;
    }
  }

  // The lease on the old image is kept by the caller until one of the two is mounted.
  private void remount(MountPlan next, MountPlan old) throws MountException {
    try {
      mount(next);
      log.line("serving " + next.image());
    } catch (MountException e) {
      log.line("cannot serve the new image: " + e.getMessage() + "; going back to " + old.image());
      mount(old);
      throw e;
    }
  }
}
