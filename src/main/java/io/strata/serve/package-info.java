/**
 * Serving a directory over HTTP, for a local network or a test.
 *
 * <p>What it does: GET and HEAD of regular files and directory listings, with entity tags, dates
 * and ranges (RFC 9110 sections 8.8, 13 and 14), one or several. What it never does: write, run
 * anything, show a name that begins with a dot, or follow a symbolic link out of the directory.
 *
 * <h2>Locking</h2>
 *
 * Each request has a virtual thread. All classes here are immutable but {@link
 * io.strata.serve.AccessLog}, which is thread-safe.
 */
@NullMarked
package io.strata.serve;

import org.jspecify.annotations.NullMarked;
