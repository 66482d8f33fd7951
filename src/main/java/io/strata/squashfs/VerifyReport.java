package io.strata.squashfs;

/**
 * What a verification saw.
 *
 * @param directories how many directories there are
 * @param files how many regular files, hard links counted once
 * @param others how many inodes of other types
 * @param bytes decompressed bytes of files, without holes
 * @param problems how many problems were found
 * @param complete false if it gave up, after too many problems
 */
public record VerifyReport(
    long directories, long files, long others, long bytes, long problems, boolean complete) {
  /** Whether everything was read and nothing is damaged. */
  public boolean isSound() {
    return problems == 0 && complete;
  }
}
