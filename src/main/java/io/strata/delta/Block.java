package io.strata.delta;

/**
 * One compressed block of an image.
 *
 * @param offset where it starts in the image, in bytes
 * @param length bytes in the image, at least 1
 * @param uncompressedLength bytes uncompressed; 0 where it is not known yet
 */
record Block(long offset, int length, int uncompressedLength) {}
