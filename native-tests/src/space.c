/* Space: holes, preallocation, copies inside the file system, the numbers of statfs. */
#include "check.h"

#include <linux/falloc.h>
#include <sys/statvfs.h>

static int allocate(int fd, int mode, off_t offset, off_t length) {
  int result = fallocate(fd, mode, offset, length);
  if (result != 0 && errno == EOPNOTSUPP)
    skip("fallocate with this mode is not offered by the file system below");
  return result;
}

static char byte_at(int fd, off_t offset) {
  char byte;
  CHECK(pread(fd, &byte, 1, offset) == 1);
  return byte;
}

TEST(fallocate_extends) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(allocate(fd, 0, 0, 100000) == 0);
  EQUAL(100000, stat_of("file").st_size);
  EQUAL(0, byte_at(fd, 99999));
  CHECK(stat_of("file").st_blocks * 512 >= 100000);
  FAILS(EINVAL, fallocate(fd, 0, 0, 0));
  FAILS(EBADF, fallocate(open_or_fail("file", O_RDONLY, 0), 0, 0, 10));
}

TEST(fallocate_keep_size) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(write(fd, "x", 1) == 1);
  CHECK(allocate(fd, FALLOC_FL_KEEP_SIZE, 0, 1 << 20) == 0);
  EQUAL(1, stat_of("file").st_size);
  CHECK(stat_of("file").st_blocks >= 2048);
}

TEST(fallocate_punch_hole) {
  enum { SIZE = 1 << 20 };
  char *bytes = malloc(SIZE);
  memset(bytes, 'x', SIZE);
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(pwrite(fd, bytes, SIZE, 0) == SIZE);
  CHECK(fsync(fd) == 0);
  blkcnt_t before = stat_of("file").st_blocks;
  CHECK(allocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 65536, 524288) == 0);
  EQUAL(SIZE, stat_of("file").st_size);
  EQUAL('x', byte_at(fd, 65535));
  EQUAL(0, byte_at(fd, 65536));
  EQUAL(0, byte_at(fd, 65536 + 524287));
  EQUAL('x', byte_at(fd, 65536 + 524288));
  CHECK(stat_of("file").st_blocks < before);
  FAILS(EOPNOTSUPP, fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 4096));
}

TEST(fallocate_punch_hole_in_a_lower_file) {
  int fd = open_or_fail(lower("big"), O_RDWR, 0);
  char kept = byte_at(fd, 300000);
  CHECK(allocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 65536, 131072) == 0);
  EQUAL(0, byte_at(fd, 65536));
  EQUAL(0, byte_at(fd, 65536 + 131071));
  EQUAL(kept, byte_at(fd, 300000));
  EQUAL(1 << 20, stat_of(lower("big")).st_size);
}

TEST(fallocate_zero_range) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  char bytes[8192];
  memset(bytes, 'x', sizeof bytes);
  CHECK(pwrite(fd, bytes, sizeof bytes, 0) == sizeof bytes);
  CHECK(allocate(fd, FALLOC_FL_ZERO_RANGE, 100, 5000) == 0);
  EQUAL('x', byte_at(fd, 99));
  EQUAL(0, byte_at(fd, 100));
  EQUAL(0, byte_at(fd, 5099));
  EQUAL('x', byte_at(fd, 5100));
}

/* Where holes are kept is the file system's affair, but what seek says must hold. */
static void check_seek(int fd, off_t size) {
  off_t at = 0;
  while (at < size) {
    off_t data = lseek(fd, at, SEEK_DATA);
    if (data < 0) {
      EQUAL(ENXIO, errno);
      data = size;
    }
    CHECK(data >= at);
    for (off_t i = at; i < data; i += 4096)
      EQUAL(0, byte_at(fd, i));
    if (data == size)
      break;
    off_t hole = lseek(fd, data, SEEK_HOLE);
    CHECK(hole > data && hole <= size);
    at = hole;
  }
  FAILS(ENXIO, lseek(fd, size, SEEK_DATA));
  FAILS(ENXIO, lseek(fd, size, SEEK_HOLE));
}

TEST(seek_hole_and_data) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(ftruncate(fd, 4 << 20) == 0);
  CHECK(pwrite(fd, "data", 4, 1 << 20) == 4);
  CHECK(fsync(fd) == 0);
  check_seek(fd, 4 << 20);
  off_t data = lseek(fd, 0, SEEK_DATA);
  CHECK(data > 0 && data <= 1 << 20);
  off_t hole = lseek(fd, 1 << 20, SEEK_HOLE);
  CHECK(hole > 1 << 20 && hole < 4 << 20);
}

TEST(seek_in_a_lower_file_with_holes) {
  int fd = open_or_fail(lower("holes"), O_RDONLY, 0);
  EQUAL(4 << 20, stat_of(lower("holes")).st_size);
  check_seek(fd, 4 << 20);
  EQUAL('d', byte_at(fd, 2 << 20));
}

TEST(seek_finds_the_holes_of_a_lower_file) {
  int fd = open_or_fail(lower("holes"), O_RDONLY, 0);
  off_t data = lseek(fd, 0, SEEK_DATA);
  CHECK(data > 0 && data <= 2 << 20);
}

TEST(holes_stay_holes_when_a_lower_file_is_changed) {
  int fd = open_or_fail(lower("holes"), O_RDWR, 0);
  CHECK(pwrite(fd, "x", 1, 0) == 1);
  CHECK(fsync(fd) == 0);
  EQUAL('d', byte_at(fd, 2 << 20));
  EQUAL(4 << 20, stat_of(lower("holes")).st_size);
  CHECK(stat_of(lower("holes")).st_blocks * 512 <= 1 << 20);
  check_seek(fd, 4 << 20);
}

TEST(a_sparse_file_of_5_gib) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  off_t end = 5LL << 30;
  CHECK(pwrite(fd, "end", 3, end - 3) == 3);
  EQUAL(end, stat_of("file").st_size);
  EQUAL('e', byte_at(fd, end - 3));
  EQUAL(0, byte_at(fd, end / 2));
  CHECK(stat_of("file").st_blocks * 512 < 1 << 20);
}

TEST(copy_file_range_within_the_mount) {
  int from = open_or_fail("from", O_RDWR | O_CREAT, 0644);
  char bytes[100000], back[100000];
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)(i * 31);
  CHECK(pwrite(from, bytes, sizeof bytes, 0) == sizeof bytes);
  int to = open_or_fail("to", O_RDWR | O_CREAT, 0644);
  off_t in = 0, out = 10;
  size_t left = sizeof bytes;
  while (left > 0) {
    ssize_t done = copy_file_range(from, &in, to, &out, left, 0);
    CHECK(done > 0);
    left -= (size_t)done;
  }
  EQUAL(sizeof bytes + 10, stat_of("to").st_size);
  CHECK(pread(to, back, sizeof back, 10) == sizeof back);
  CHECK(memcmp(bytes, back, sizeof bytes) == 0);
  in = sizeof bytes;
  EQUAL(0, copy_file_range(from, &in, to, &out, 10, 0));
}

TEST(copy_file_range_from_a_lower_file) {
  int from = open_or_fail(lower("big"), O_RDONLY, 0);
  int to = open_or_fail("to", O_RDWR | O_CREAT, 0644);
  off_t in = 1000, out = 0;
  while (out < 500000)
    CHECK(copy_file_range(from, &in, to, &out, (size_t)(500000 - out), 0) > 0);
  for (off_t i = 0; i < 500000; i += 4999)
    EQUAL(byte_at(from, i + 1000), byte_at(to, i));
}

TEST(statfs_gives_sane_numbers) {
  struct statvfs here, below;
  CHECK(statvfs(".", &here) == 0);
  CHECK(statvfs(low, &below) == 0);
  CHECK(here.f_bsize >= 512 && here.f_frsize >= 512);
  CHECK(here.f_blocks > 0 && here.f_bfree <= here.f_blocks && here.f_bavail <= here.f_bfree);
  EQUAL(255, here.f_namemax);
  EQUAL(here.f_blocks, below.f_blocks);
}

TEST(blocks_are_units_of_512) {
  static char bytes[1 << 20];
  memset(bytes, 1, sizeof bytes);
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(write(fd, bytes, sizeof bytes) == sizeof bytes);
  CHECK(fsync(fd) == 0);
  blkcnt_t blocks = stat_of("file").st_blocks;
  CHECK(blocks >= 2048 && blocks < 4096);
}

static int open_of_blocks(void) { /* a, b and c, 4096 times each */
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  char block[4096];
  for (char byte = 'a'; byte <= 'c'; byte++) {
    memset(block, byte, sizeof block);
    CHECK(write(fd, block, sizeof block) == sizeof block);
  }
  return fd;
}

static void expect_blocks(int fd, const char *blocks) {
  EQUAL(4096 * strlen(blocks), lseek(fd, 0, SEEK_END));
  for (off_t i = 0; blocks[i] != 0; i++) {
    EQUAL(blocks[i] == '0' ? 0 : blocks[i], byte_at(fd, 4096 * i));
    EQUAL(blocks[i] == '0' ? 0 : blocks[i], byte_at(fd, 4096 * i + 4095));
  }
}

TEST(ranges_are_taken_out_and_put_in_or_nothing_moves) {
  int fd = open_of_blocks();
  int collapsed = fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 4096, 4096) == 0, error = errno;
  CHECK(collapsed || error == EOPNOTSUPP);
  expect_blocks(fd, collapsed ? "ac" : "abc");
  int inserted = fallocate(fd, FALLOC_FL_INSERT_RANGE, 4096, 4096) == 0;
  error = errno;
  CHECK(inserted || error == EOPNOTSUPP);
  expect_blocks(fd, collapsed ? (inserted ? "a0c" : "ac") : (inserted ? "a0bc" : "abc"));
}
