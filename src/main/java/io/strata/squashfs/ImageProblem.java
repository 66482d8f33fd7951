package io.strata.squashfs;

/**
 * One thing that {@link ImageVerifier} found wrong.
 *
 * @param path the names from the root to the file concerned, for people: bytes that are no ASCII
 *     are shown as {@code \xNN}; {@code "/"} for the root or the image as a whole
 * @param structure what is damaged, such as {@code "inode table"}
 * @param offset where, in bytes from the start of the image
 * @param place the two for people; in a file that does not begin with the image, both are counted
 * @param message what is wrong with it
 */
public record ImageProblem(
    String path, String structure, long offset, String place, String message) {}
