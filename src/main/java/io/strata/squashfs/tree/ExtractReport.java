package io.strata.squashfs.tree;

/**
 * What an extraction did.
 *
 * @param files made, of all types, names of hard links counted each
 * @param ownersLost files whose owner could not be set; without setuid and setgid therefore
 * @param xattrsLost extended attributes that could not be set
 * @param skipped devices left out
 * @param damaged files missing because the image is damaged
 * @param failed files missing because the target would not take them
 */
public record ExtractReport(
    long files, long ownersLost, long xattrsLost, long skipped, long damaged, long failed) {}
