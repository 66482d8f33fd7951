/* Random reads, writes, truncations, mappings and allocations against a copy in memory. */
#include "check.h"

#include <linux/falloc.h>
#include <sys/mman.h>

enum { MOST_BYTES = 300000, STEPS = 1500 };

struct run {
  int fd, direct;
  long size;
  unsigned char *model, *buffer;
  unsigned seed, step;
};

static unsigned pick(struct run *run, unsigned below) {
  run->seed = run->seed * 1103515245u + 12345u;
  return (run->seed >> 8) % below;
}

static void compare(struct run *run, const unsigned char *got, long at, long length,
                    const char *how) {
  for (long i = 0; i < length; i++)
    if (got[i] != run->model[at + i])
      fail(__FILE__, __LINE__, "step %u, %s: byte %ld of %ld is %02x, wanted %02x", run->step, how,
           at + i, run->size, got[i], run->model[at + i]);
}

static void check_read(struct run *run, long at, long length) {
  long wanted = at >= run->size ? 0 : at + length > run->size ? run->size - at : length;
  EQUAL(wanted, pread(run->fd, run->buffer, (size_t)length, at));
  compare(run, run->buffer, at, wanted, "read");
}

static void fill(struct run *run, long at, long length) {
  for (long i = 0; i < length; i++)
    run->buffer[i] = (unsigned char)(run->step * 7 + (unsigned)(at + i));
  if (at > run->size)
    memset(run->model + run->size, 0, (size_t)(at - run->size));
  memcpy(run->model + at, run->buffer, (size_t)length);
  if (at + length > run->size)
    run->size = at + length;
}

static void do_write(struct run *run, long at, long length) {
  fill(run, at, length);
  EQUAL(length, pwrite(run->fd, run->buffer, (size_t)length, at));
}

static void do_truncate(struct run *run, long size) {
  CHECK(ftruncate(run->fd, size) == 0);
  if (size > run->size)
    memset(run->model + run->size, 0, (size_t)(size - run->size));
  run->size = size;
}

static void map_whole(struct run *run, int writes) {
  if (run->size == 0)
    return;
  size_t size = (size_t)run->size;
  unsigned char *at =
      mmap(NULL, size, PROT_READ | (writes ? PROT_WRITE : 0), MAP_SHARED, run->fd, 0);
  CHECK(at != MAP_FAILED);
  long from = pick(run, (unsigned)run->size), length = pick(run, 20000) + 1;
  if (from + length > run->size)
    length = run->size - from;
  compare(run, at + from, from, length, "mapping");
  if (writes) {
    fill(run, from, length);
    memcpy(at + from, run->buffer, (size_t)length);
    if (pick(run, 4) == 0)
      CHECK(msync(at, size, MS_SYNC) == 0);
  }
  CHECK(munmap(at, size) == 0);
}

static void do_allocate(struct run *run, long at, long length, int mode) {
  if (fallocate(run->fd, mode, at, length) != 0) {
    if (errno == EOPNOTSUPP)
      return;
    fail(__FILE__, __LINE__, "fallocate %x: %s", mode, strerror(errno));
  }
  long end = at + length;
  if (!(mode & FALLOC_FL_KEEP_SIZE) && end > run->size) {
    memset(run->model + run->size, 0, (size_t)(end - run->size));
    run->size = end;
  }
  if (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE))
    if (at < run->size)
      memset(run->model + at, 0, (size_t)((end < run->size ? end : run->size) - at));
}

static void do_copy(struct run *run, long at, long length) {
  long to = pick(run, MOST_BYTES / 2) + MOST_BYTES / 2;
  if (at + length > run->size)
    length = run->size - at;
  if (length <= 0 || at + length > to || to + length > MOST_BYTES)
    return;
  loff_t in = at, out = to;
  ssize_t done = copy_file_range(run->fd, &in, run->fd, &out, (size_t)length, 0);
  CHECK(done > 0 && done <= length);
  if (to > run->size)
    memset(run->model + run->size, 0, (size_t)(to - run->size));
  memcpy(run->model + to, run->model + at, (size_t)done);
  if (to + done > run->size)
    run->size = to + done;
}

static void one_step(struct run *run, const char *path) {
  long at = pick(run, MOST_BYTES - 40000), length = pick(run, 40000) + 1;
  switch (pick(run, 16)) {
  case 0 ... 3: do_write(run, at, length); break;
  case 4 ... 7: check_read(run, at, length); break;
  case 8: do_truncate(run, pick(run, MOST_BYTES)); break;
  case 9: map_whole(run, 0); break;
  case 10: map_whole(run, 1); break;
  case 11: do_allocate(run, at, length, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE); break;
  case 12: do_allocate(run, at, length, FALLOC_FL_ZERO_RANGE); break;
  case 13: do_allocate(run, at, length, pick(run, 2) ? FALLOC_FL_KEEP_SIZE : 0); break;
  case 14: do_copy(run, at, length); break;
  default: /* open again */
    if (pick(run, 3) == 0)
      CHECK(fsync(run->fd) == 0);
    close(run->fd);
    run->fd = open_or_fail(path, O_RDWR, 0);
    if (pick(run, 3) == 0)
      CHECK(posix_fadvise(run->fd, 0, 0, POSIX_FADV_DONTNEED) == 0);
  }
  EQUAL(run->size, stat_of(path).st_size);
}

static void exercise(const char *path, unsigned seed) {
  struct run run = {.seed = seed, .model = calloc(1, MOST_BYTES * 8), .buffer = malloc(MOST_BYTES)};
  run.fd = open_or_fail(path, O_RDWR | O_CREAT, 0644);
  run.size = stat_of(path).st_size;
  CHECK(run.size < MOST_BYTES * 8);
  EQUAL(run.size, pread(run.fd, run.model, MOST_BYTES * 8, 0));
  if (run.size > MOST_BYTES)
    do_truncate(&run, MOST_BYTES);
  for (run.step = 0; run.step < STEPS; run.step++)
    one_step(&run, path);
  check_read(&run, 0, MOST_BYTES);
  close(run.fd);
  run.fd = open_or_fail(path, O_RDONLY, 0);
  check_read(&run, 0, MOST_BYTES);
}

TEST(random_operations_on_a_new_file) { exercise("file", 1); }

TEST(random_operations_on_a_lower_file) { exercise(lower("big"), 2); }

TEST(random_operations_on_a_lower_file_with_a_reader) {
  int reader = open_or_fail(lower("big"), O_RDONLY, 0); /* from before copy-up: no passthrough */
  char byte;
  CHECK(read(reader, &byte, 1) == 1);
  exercise(lower("big"), 3);
  struct stat one, other;
  CHECK(fstat(reader, &one) == 0 && stat(lower("big"), &other) == 0);
  EQUAL(other.st_size, one.st_size);
}

TEST(random_operations_on_a_removed_file) {
  write_file("file", "x");
  int fd = open_or_fail("file", O_RDWR, 0);
  CHECK(unlink("file") == 0);
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  struct run run = {.seed = 4, .model = calloc(1, MOST_BYTES * 2), .buffer = malloc(MOST_BYTES)};
  run.fd = fd;
  do_truncate(&run, 0);
  for (run.step = 0; run.step < 300; run.step++) {
    long at = pick(&run, MOST_BYTES - 40000), length = pick(&run, 40000) + 1;
    if (pick(&run, 2))
      do_write(&run, at, length);
    else
      check_read(&run, at, length);
  }
  int other = open_or_fail(path, O_RDONLY, 0);
  EQUAL(run.size, pread(other, run.buffer, MOST_BYTES, 0));
  compare(&run, run.buffer, 0, run.size, "reading again");
}
