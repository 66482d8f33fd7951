/**
 * Compares mounted trees, whatever their names are made of: everything goes through system calls
 * and bytes, since a {@link java.nio.file.Path} can't carry every name.
 */
@NullMarked
package io.strata.compare;

import org.jspecify.annotations.NullMarked;
