package io.strata.mount;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.strata.posix.Posix;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The mount of a server that was killed")
class DeadMountIT extends MountFixture {
  @Test
  @DisplayName("is cleaned up, but what somebody else has mounted there meanwhile is not")
  void replaced() throws Exception {
    mount();
    long pid = entry().pid();
    Strata.tool("kill", "-9", Long.toString(pid));
    awaitEnd(pid);
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    try (RegistryLock _ = RegistryLock.take(Posix.system(), registry())) {
      Thread cleaner = Thread.ofPlatform().start(() -> unmount(result));
      while (cleaner.getState() != Thread.State.TIMED_WAITING && cleaner.isAlive()) {
        Thread.onSpinWait();
      }
      assertEquals(false, result.isDone(), "it waits for the lock that servers start under");
      Strata.tool("umount", mountPoint.toString());
      Strata.tool("mount", "-t", "tmpfs", "none", mountPoint.toString());
    }
    try {
      result.get(20, TimeUnit.SECONDS);
      assertEquals("tmpfs", mounted().map(MountPoint::type).orElse("nothing"));
    } finally {
      Strata.tool("umount", mountPoint.toString());
    }
    assertNothingLeft();
  }

  private void unmount(CompletableFuture<Boolean> result) {
    try {
      new Unmounter(Posix.system(), registry()).unmount(mountPoint, Duration.ZERO, false);
      result.complete(true);
    } catch (MountException | InterruptedException | RuntimeException e) {
      result.completeExceptionally(e);
    }
  }
}
