package io.strata.delta.sqdelta2;

import java.util.List;

/**
 * What is known of an image before its inodes are.
 *
 * @param tiles with their places
 * @param inodeStarts where each block of the inode table starts from its start, and where the last
 *     ends
 * @param directoryStarts the same of the directory table
 * @param inodeLength uncompressed bytes of the inode table
 * @param directoryLength uncompressed bytes of the directory table
 */
record Shape(
    int blockSize,
    List<Tile> tiles,
    int[] inodeStarts,
    int[] directoryStarts,
    int inodeLength,
    int directoryLength,
    Habits habits) {}
