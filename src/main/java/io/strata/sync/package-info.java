/** Brings a repository to its newest snapshot: plan, fetch, apply, verify, swap. */
@NullMarked
package io.strata.sync;

import org.jspecify.annotations.NullMarked;
