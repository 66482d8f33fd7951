/** Tests of the SquashFS reader, and what makes images for tests. */
@NullMarked
package io.strata.squashfs;

import org.jspecify.annotations.NullMarked;
