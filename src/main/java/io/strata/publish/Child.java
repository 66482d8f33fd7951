package io.strata.publish;

/**
 * A process that does not run on when this one is told to end (SIGTERM, SIGINT): it is killed then,
 * with those that it has started. For one thread.
 */
final class Child implements AutoCloseable {
  private final Process process;
  private final Thread hook = new Thread(this::end, "end of a child");

  Child(Process process) {
    this.process = process;
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      end(); // the end has begun
    }
  }

  private void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Kills the process if it still runs; what it left in the background stays. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The end has begun, and the hook is at work.
    }
  }
}
