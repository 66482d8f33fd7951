/** The index of a mirror: what it lists, who signed it, whether it is fresh. */
@NullMarked
package io.strata.trust;

import org.jspecify.annotations.NullMarked;
