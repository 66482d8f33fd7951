/* Open files: after unlink, truncation, appending, flags. */
#include "check.h"

#include <sys/mman.h>

TEST(open_unlink_fstat) {
  write_file("file", "content");
  int fd = open_or_fail("file", O_RDWR, 0);
  CHECK(unlink("file") == 0);
  struct stat attributes;
  CHECK(fstat(fd, &attributes) == 0);
  EQUAL(0, attributes.st_nlink);
  EQUAL(7, attributes.st_size);
  expect_content(fd, "content");
  CHECK(pwrite(fd, "CONTENT and more", 16, 0) == 16);
  CHECK(ftruncate(fd, 11) == 0);
  expect_content(fd, "CONTENT and");
  CHECK(fchmod(fd, 0600) == 0);
  CHECK(fstat(fd, &attributes) == 0);
  EQUAL(0600, attributes.st_mode & 07777);
  EQUAL(11, attributes.st_size);
  DIR *dir = opendir(".");
  CHECK(dir != NULL);
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    CHECK(strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
}

TEST(open_unlink_of_a_lower_file) {
  int fd = open_or_fail(lower("small"), O_RDONLY, 0);
  CHECK(unlink(lower("small")) == 0);
  expect_content(fd, "lower\n");
  struct stat attributes;
  CHECK(fstat(fd, &attributes) == 0);
  EQUAL(0, attributes.st_nlink);
  write_file(lower("small"), "another");
  expect_content(fd, "lower\n");
}

TEST(open_unlink_then_remove_the_directory) {
  CHECK(mkdir("d", 0755) == 0);
  write_file("d/file", "content");
  int fd = open_or_fail("d/file", O_RDWR, 0);
  CHECK(unlink("d/file") == 0);
  CHECK(rmdir("d") == 0);
  expect_content(fd, "content");
  CHECK(pwrite(fd, "C", 1, 0) == 1);
  expect_content(fd, "Content");
}

TEST(opened_again_through_proc_after_unlink) {
  write_file("file", "content");
  int fd = open_or_fail("file", O_RDWR, 0);
  CHECK(unlink("file") == 0);
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  int other = open_or_fail(path, O_RDONLY, 0);
  expect_content(other, "content");
  close(fd);
  expect_content(other, "content");
}

TEST(ftruncate_shrinks_and_grows_with_zeros) {
  write_file("file", "0123456789");
  int fd = open_or_fail("file", O_RDWR, 0);
  CHECK(ftruncate(fd, 4) == 0);
  expect_content(fd, "0123");
  CHECK(ftruncate(fd, 8) == 0);
  char bytes[8];
  CHECK(pread(fd, bytes, 8, 0) == 8);
  CHECK(memcmp(bytes, "0123\0\0\0\0", 8) == 0);
  CHECK(truncate("file", 0) == 0);
  EQUAL(0, stat_of("file").st_size);
  FAILS(EINVAL, ftruncate(fd, -1));
  close(fd);
  fd = open_or_fail("file", O_RDONLY, 0);
  CHECK(ftruncate(fd, 1) == -1);
}

TEST(truncate_of_a_lower_file) {
  CHECK(truncate(lower("big"), 100000) == 0);
  EQUAL(100000, stat_of(lower("big")).st_size);
  CHECK(truncate(lower("small"), 3) == 0);
  expect_file(lower("small"), "low");
}

TEST(a_write_into_a_lower_file_keeps_the_rest) {
  int fd = open_or_fail(lower("big"), O_RDWR, 0);
  static char before[1 << 20], after[1 << 20];
  CHECK(pread(fd, before, sizeof before, 0) == sizeof before);
  CHECK(pwrite(fd, "changed", 7, 500000) == 7);
  memcpy(before + 500000, "changed", 7);
  CHECK(pread(fd, after, sizeof after, 0) == sizeof after);
  CHECK(memcmp(before, after, sizeof before) == 0);
  EQUAL(sizeof before, stat_of(lower("big")).st_size);
}

TEST(append_by_four_processes) {
  enum { LINES = 500, LENGTH = 16 };
  close(open_or_fail("file", O_WRONLY | O_CREAT, 0644));
  pid_t children[4];
  for (int c = 0; c < 4; c++) {
    children[c] = begin_child(0);
    if (children[c] == 0) {
      int fd = open_or_fail("file", O_WRONLY | O_APPEND, 0);
      for (int i = 0; i < LINES; i++) {
        char line[LENGTH + 1];
        snprintf(line, sizeof line, "process %d %05d\n", c, i);
        CHECK(write(fd, line, LENGTH) == LENGTH);
      }
      _exit(0);
    }
  }
  for (int c = 0; c < 4; c++)
    end_child(children[c]);
  EQUAL(4 * LINES * LENGTH, stat_of("file").st_size);
  FILE *file = fopen("file", "r");
  int next[4] = {0}, process, number;
  for (int i = 0; i < 4 * LINES; i++) {
    CHECK(fscanf(file, "process %d %d\n", &process, &number) == 2);
    CHECK(process >= 0 && process < 4);
    EQUAL(next[process]++, number);
  }
}

TEST(append_to_a_lower_file) {
  int fd = open_or_fail(lower("small"), O_WRONLY | O_APPEND, 0);
  CHECK(write(fd, "more", 4) == 4);
  expect_file(lower("small"), "lower\nmore");
}

TEST(flags_of_open) {
  write_file("file", "content");
  FAILS(EEXIST, open("file", O_WRONLY | O_CREAT | O_EXCL, 0644));
  FAILS(EEXIST, open(lower("small"), O_WRONLY | O_CREAT | O_EXCL, 0644));
  FAILS(ENOTDIR, open("file", O_RDONLY | O_DIRECTORY));
  FAILS(EISDIR, open(".", O_RDWR));
  FAILS(ENOENT, open("missing", O_RDWR));
  FAILS(ENOTDIR, open("file/below", O_RDWR));
  int fd = open_or_fail("file", O_RDONLY, 0);
  FAILS(EBADF, write(fd, "x", 1));
  fd = open_or_fail("file", O_WRONLY, 0);
  char byte;
  FAILS(EBADF, read(fd, &byte, 1));
  fd = open_or_fail("file", O_PATH, 0);
  struct stat attributes;
  CHECK(fstat(fd, &attributes) == 0);
  EQUAL(7, attributes.st_size);
}

TEST(o_trunc_of_a_lower_file) {
  close(open_or_fail(lower("big"), O_WRONLY | O_TRUNC, 0));
  EQUAL(0, stat_of(lower("big")).st_size);
}

TEST(a_file_made_without_permissions_is_writable_by_its_maker) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0);
  CHECK(write(fd, "x", 1) == 1);
  expect_content(fd, "x");
  EQUAL(0, stat_of("file").st_mode & 07777);
}

TEST(o_direct) {
  enum { SIZE = 64 << 10 };
  char *bytes = aligned_alloc(4096, SIZE), *back = aligned_alloc(4096, SIZE);
  for (int i = 0; i < SIZE; i++)
    bytes[i] = (char)(i * 7);
  int fd = open("file", O_RDWR | O_CREAT | O_DIRECT, 0644);
  if (fd < 0 && errno == EINVAL)
    skip("O_DIRECT is not offered here");
  CHECK(fd >= 0);
  CHECK(pwrite(fd, bytes, SIZE, 0) == SIZE);
  CHECK(pread(fd, back, SIZE, 0) == SIZE);
  CHECK(memcmp(bytes, back, SIZE) == 0);
  int buffered = open_or_fail("file", O_RDWR, 0);
  CHECK(pwrite(buffered, "buffered", 8, 4096) == 8);
  CHECK(fsync(buffered) == 0);
  CHECK(pread(fd, back, 4096, 4096) == 4096);
  CHECK(memcmp(back, "buffered", 8) == 0);
}

TEST(o_direct_of_a_lower_file) {
  char *back = aligned_alloc(4096, 65536), *same = malloc(65536);
  int fd = open(lower("big"), O_RDONLY | O_DIRECT);
  if (fd < 0 && errno == EINVAL)
    skip("O_DIRECT is not offered here");
  CHECK(fd >= 0);
  CHECK(pread(fd, back, 65536, 65536) == 65536);
  int buffered = open_or_fail(lower("big"), O_RDONLY, 0);
  CHECK(pread(buffered, same, 65536, 65536) == 65536);
  CHECK(memcmp(back, same, 65536) == 0);
}

TEST(fsync_and_o_sync) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT | O_SYNC, 0644);
  CHECK(write(fd, "x", 1) == 1);
  CHECK(fsync(fd) == 0);
  CHECK(fdatasync(fd) == 0);
  int dir = open_or_fail(".", O_RDONLY | O_DIRECTORY, 0);
  CHECK(fsync(dir) == 0);
  CHECK(syncfs(dir) == 0);
  dir = open_or_fail(lower("dir"), O_RDONLY | O_DIRECTORY, 0);
  CHECK(fsync(dir) == 0);
}

TEST(many_open_files) {
  int fds[500];
  for (int i = 0; i < 500; i++) {
    char name[32];
    snprintf(name, sizeof name, "f%d", i);
    fds[i] = open_or_fail(name, O_RDWR | O_CREAT, 0644);
    CHECK(write(fds[i], &i, sizeof i) == sizeof i);
    CHECK(unlink(name) == 0);
  }
  for (int i = 0; i < 500; i++) {
    int back;
    CHECK(pread(fds[i], &back, sizeof back, 0) == sizeof back);
    EQUAL(i, back);
  }
}
