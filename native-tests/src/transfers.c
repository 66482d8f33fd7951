/* Other ways to read and write: vectors, splices, limits, raw directory reading. */
#include "check.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>

TEST(vectors_are_read_and_written) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  struct iovec out[3] = {{"one", 3}, {"", 0}, {"three", 5}};
  EQUAL(8, pwritev(fd, out, 3, 2));
  char a[4], b[6];
  struct iovec in[2] = {{a, 4}, {b, 6}};
  EQUAL(10, preadv(fd, in, 2, 0));
  CHECK(memcmp(a, "\0\0on", 4) == 0 && memcmp(b, "ethree", 6) == 0);
  EQUAL(4, pwritev2(fd, &(struct iovec){"tail", 4}, 1, 0, RWF_APPEND));
  EQUAL(14, stat_of("file").st_size);
  EQUAL(4, pwritev2(fd, &(struct iovec){"sync", 4}, 1, 0, RWF_DSYNC));
  expect_file("file", "syncethreetail");
}

static void check_sendfile(const char *path, size_t wanted) {
  int in = open_or_fail(path, O_RDONLY, 0), out = open_or_fail("copy", O_RDWR | O_CREAT, 0644);
  size_t sum = 0;
  for (ssize_t got; (got = sendfile(out, in, NULL, 300000)) > 0;)
    sum += (size_t)got;
  EQUAL(wanted, sum);
  char *one = malloc(wanted), *other = malloc(wanted);
  CHECK(pread(in, one, wanted, 0) == (ssize_t)wanted);
  CHECK(pread(out, other, wanted, 0) == (ssize_t)wanted);
  CHECK(memcmp(one, other, wanted) == 0);
}

TEST(sendfile_from_a_lower_file) { check_sendfile(lower("big"), 1 << 20); }

TEST(sendfile_from_an_upper_file) {
  int fd = open_or_fail(lower("big"), O_RDWR, 0);
  CHECK(pwrite(fd, "upper", 5, 777) == 5);
  check_sendfile(lower("big"), 1 << 20);
}

TEST(splice_to_and_from_pipes) {
  int pipes[2];
  CHECK(pipe(pipes) == 0);
  int in = open_or_fail(lower("big"), O_RDONLY, 0), out = open_or_fail("out", O_RDWR | O_CREAT, 0644);
  for (int i = 0; i < 16; i++) {
    EQUAL(4096, splice(in, NULL, pipes[1], NULL, 4096, 0));
    EQUAL(4096, splice(pipes[0], NULL, out, NULL, 4096, 0));
  }
  char one[65536], other[65536];
  CHECK(pread(in, one, sizeof one, 0) == sizeof one && pread(out, other, sizeof other, 0) == sizeof other);
  CHECK(memcmp(one, other, sizeof one) == 0);
}

TEST(a_file_size_limit_is_kept) {
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit = {100000, 100000};
  CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  char bytes[4096] = {0};
  EQUAL(100, pwrite(fd, bytes, sizeof bytes, 99900));
  FAILS(EFBIG, pwrite(fd, bytes, 1, 100000));
  FAILS(EFBIG, ftruncate(fd, 100001));
  FAILS(EFBIG, truncate(lower("small"), 100001));
  FAILS(EFBIG, fallocate(fd, 0, 0, 200000));
  EQUAL(100000, stat_of("file").st_size);
  expect_file(lower("small"), "lower\n");
}

TEST(directories_are_read_with_small_buffers) {
  char bytes[32] __attribute__((aligned(8)));
  int fd = open_or_fail(lower("dir"), O_RDONLY | O_DIRECTORY, 0);
  FAILS(EINVAL, syscall(SYS_getdents64, fd, bytes, 8));
  int count = 0;
  for (long got; (got = syscall(SYS_getdents64, fd, bytes, sizeof bytes)) != 0; count++)
    CHECK(got > 0);
  EQUAL(23, count); /* 20 files, sub, "." and ".." */
}

TEST(readahead_and_advice_are_taken) {
  int fd = open_or_fail(lower("big"), O_RDONLY, 0);
  CHECK(readahead(fd, 0, 1 << 20) == 0);
  const int advice[] = {POSIX_FADV_SEQUENTIAL, POSIX_FADV_RANDOM, POSIX_FADV_WILLNEED,
                        POSIX_FADV_DONTNEED, POSIX_FADV_NOREUSE, POSIX_FADV_NORMAL};
  for (int i = 0; i < 6; i++)
    EQUAL(0, posix_fadvise(fd, 0, 0, advice[i]));
  char *at = mmap(NULL, 1 << 20, PROT_READ, MAP_SHARED, fd, 0);
  CHECK(at != MAP_FAILED);
  CHECK(madvise(at, 1 << 20, MADV_WILLNEED) == 0 && madvise(at, 1 << 20, MADV_DONTNEED) == 0);
  EQUAL('1', at[0]);
}

TEST(ranges_are_synced) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(write(fd, "content", 7) == 7);
  CHECK(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER) == 0);
  CHECK(fdatasync(fd) == 0);
}

TEST(offsets_are_shared_by_duplicates) {
  write_file("file", "0123456789");
  int fd = open_or_fail("file", O_RDWR, 0), copy = dup(fd);
  CHECK(lseek(fd, 4, SEEK_SET) == 4);
  EQUAL(4, lseek(copy, 0, SEEK_CUR));
  EQUAL(10, lseek(fd, 0, SEEK_END));
  EQUAL(12, lseek(copy, 2, SEEK_CUR));
  CHECK(fcntl(fd, F_SETFL, O_APPEND) == 0);
  CHECK(pwrite(fd, "x", 1, 0) == 1); /* Linux appends all the same */
  expect_file("file", "0123456789x");
}

TEST(o_append_set_later_counts) {
  write_file("file", "01234");
  int fd = open_or_fail("file", O_WRONLY, 0);
  CHECK(fcntl(fd, F_SETFL, O_APPEND) == 0);
  CHECK(write(fd, "56", 2) == 2);
  expect_file("file", "0123456");
  CHECK(fcntl(fd, F_SETFL, 0) == 0);
  CHECK(lseek(fd, 0, SEEK_SET) == 0);
  CHECK(write(fd, "x", 1) == 1);
  expect_file("file", "x123456");
}

TEST(reads_that_must_not_wait_are_right_or_refused) {
  write_file("file", "content");
  int fd = open_or_fail("file", O_RDWR, 0);
  char bytes[8] = "";
  struct iovec vector = {bytes, 7};
  ssize_t got = preadv2(fd, &vector, 1, 0, RWF_NOWAIT);
  int error = errno;
  CHECK(got >= 0 || error == EAGAIN || error == EOPNOTSUPP);
  CHECK(got <= 0 || strncmp(bytes, "content", (size_t)got) == 0);
  vector.iov_base = "CON";
  vector.iov_len = 3;
  got = pwritev2(fd, &vector, 1, 0, RWF_NOWAIT);
  error = errno;
  CHECK(got >= 0 || error == EAGAIN || error == EOPNOTSUPP);
  expect_file("file", got == 3 ? "CONtent" : "content");
  vector.iov_base = "!";
  vector.iov_len = 1;
  CHECK(pwritev2(fd, &vector, 1, 0, RWF_APPEND | RWF_DSYNC) == 1);
  expect_file("file", got == 3 ? "CONtent!" : "content!");
}
