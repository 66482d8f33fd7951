package io.strata.fuse.kernel;

/** Who serves others while a thread is kept by its own operation. Thread-safe. */
interface Cover {
  /** For who works alone. */
  Cover NONE =
      new Cover() {
        @Override
        public void blocked() {}

        @Override
        public boolean beginStoring() {
          return false;
        }
      };

  /** The calling thread will be busy for long: another one is to listen. */
  void blocked();

  /**
   * The calling thread is about to store data in the kernel's page cache. That waits for the locks
   * of pages, and who holds one may be waiting for us: so another thread has to stand by that
   * listens if it takes long, and does not store itself.
   *
   * @return whether there is one, and nobody else stores; nothing must be stored else
   */
  boolean beginStoring();
}
