package io.strata.store;

/**
 * An image that Strata put into the cache or verified there.
 *
 * @param version of the snapshot
 * @param sha512 of the whole file, 128 lower-case hexadecimal digits
 * @param stamp the file's when the digest was found right
 */
public record ImageRecord(String version, String sha512, FileStamp stamp) {}
