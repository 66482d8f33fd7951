package io.strata.fuse.kernel;

/**
 * What the threads of a mount do with requests.
 *
 * @param service has them served
 * @param interrupts hears of each
 * @param timed whether to measure how long they take
 */
record Work(Service service, Interrupts interrupts, boolean timed) {}
