/* Which calls set which times: of the file, and of the directory with its name. */
#include "check.h"

#include <sys/mman.h>
#include <sys/xattr.h>
#include <time.h>

static int later(struct timespec a, struct timespec b) {
  return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

static int same(struct timespec a, struct timespec b) { return !later(a, b) && !later(b, a); }

enum { MTIME = 1, CTIME = 2 };

/* The call sets just these times of the file, and they are the present. */
#define SETS(path, which, ...)                                                                     \
  do {                                                                                             \
    struct stat before_ = stat_of(path);                                                           \
    sleep_millis(20);                                                                              \
    __VA_ARGS__;                                                                                   \
    struct stat after_ = stat_of(path);                                                            \
    if (later(after_.st_mtim, before_.st_mtim) != (((which) & MTIME) != 0))                        \
      fail(__FILE__, __LINE__, "%s: mtime of %s", #__VA_ARGS__, path);                             \
    if (later(after_.st_ctim, before_.st_ctim) != (((which) & CTIME) != 0))                        \
      fail(__FILE__, __LINE__, "%s: ctime of %s", #__VA_ARGS__, path);                             \
    struct timespec now_;                                                                          \
    clock_gettime(CLOCK_REALTIME, &now_);                                                          \
    if ((which) & CTIME)                                                                          \
      CHECK(now_.tv_sec <= after_.st_ctim.tv_sec + 30 && after_.st_ctim.tv_sec <= now_.tv_sec + 1); \
  } while (0)

TEST(times_of_a_directory_follow_its_names) {
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(mkdir("other", 0755) == 0);
  write_file("file", "x");
  SETS("dir", MTIME | CTIME, write_file("dir/file", "x"));
  SETS("dir", MTIME | CTIME, CHECK(mkdir("dir/sub", 0755) == 0));
  SETS("dir", MTIME | CTIME, CHECK(symlink("x", "dir/link") == 0));
  SETS("dir", MTIME | CTIME, CHECK(mkfifo("dir/fifo", 0644) == 0));
  SETS("dir", MTIME | CTIME, CHECK(link("file", "dir/hard") == 0));
  SETS("dir", MTIME | CTIME, CHECK(rename("dir/file", "dir/moved") == 0));
  SETS("dir", MTIME | CTIME, CHECK(rename("dir/moved", "other/moved") == 0));
  SETS("other", MTIME | CTIME, CHECK(rename("other/moved", "dir/moved") == 0));
  SETS("dir", MTIME | CTIME, CHECK(unlink("dir/moved") == 0));
  SETS("dir", MTIME | CTIME, CHECK(rmdir("dir/sub") == 0));
  SETS("dir", 0, write_file("dir/hard", "changed"));
  SETS("dir", 0, CHECK(open("dir/missing", O_RDONLY) == -1));
}

TEST(times_of_a_lower_directory_follow_its_names) {
  char dir[600];
  snprintf(dir, sizeof dir, "%s", lower("dir"));
  SETS(dir, 0, write_file(lower("dir/1"), "changed"));
  SETS(dir, 0, CHECK(chmod(lower("dir/2"), 0600) == 0));
  SETS(dir, MTIME | CTIME, CHECK(unlink(lower("dir/3")) == 0));
  SETS(dir, MTIME | CTIME, write_file(lower("dir/3"), "again"));
  SETS(dir, MTIME | CTIME, CHECK(rename(lower("dir/4"), lower("dir/moved")) == 0));
  SETS(dir, MTIME | CTIME, CHECK(link(lower("dir/5"), lower("dir/hard")) == 0));
  SETS(dir, CTIME, CHECK(chmod(dir, 0700) == 0));
}

static void check_file(const char *path) {
  SETS(path, CTIME, CHECK(chmod(path, 0640) == 0));
  SETS(path, CTIME, CHECK(chown(path, geteuid(), getegid()) == 0));
  SETS(path, CTIME, CHECK(setxattr(path, "user.x", "x", 1, 0) == 0));
  SETS(path, CTIME, CHECK(removexattr(path, "user.x") == 0));
  SETS(path, CTIME, CHECK(link(path, "hard") == 0));
  SETS(path, CTIME, CHECK(unlink("hard") == 0));
  SETS(path, MTIME | CTIME, CHECK(truncate(path, 3) == 0));
  SETS(path, MTIME | CTIME, CHECK(truncate(path, 100) == 0));
  SETS(path, MTIME | CTIME, write_file(path, "content"));
  SETS(path, MTIME | CTIME, {
    int fd = open_or_fail(path, O_RDWR, 0);
    CHECK(pwrite(fd, "C", 1, 0) == 1);
    close(fd);
  });
  SETS(path, MTIME | CTIME, {
    int fd = open_or_fail(path, O_RDWR, 0);
    CHECK(fallocate(fd, 0, 0, 5000) == 0);
    close(fd);
  });
  SETS(path, 0, {
    int fd = open_or_fail(path, O_RDWR, 0);
    char byte;
    CHECK(read(fd, &byte, 1) == 1);
    close(fd);
  });
}

TEST(times_of_a_file_follow_its_changes) {
  write_file("file", "x");
  check_file("file");
}

TEST(times_of_a_lower_file_follow_its_changes) { check_file(lower("small")); }

TEST(times_of_o_trunc) {
  write_file("file", "content");
  SETS("file", MTIME | CTIME, close(open_or_fail("file", O_WRONLY | O_TRUNC, 0)));
  write_file("empty", "");
  SETS("empty", MTIME | CTIME, close(open_or_fail("empty", O_WRONLY | O_TRUNC, 0)));
  SETS(lower("small"), MTIME | CTIME, close(open_or_fail(lower("small"), O_WRONLY | O_TRUNC, 0)));
}

TEST(times_of_a_mapping_that_is_written) {
  write_file("file", "content");
  int fd = open_or_fail("file", O_RDWR, 0);
  SETS("file", MTIME | CTIME, {
    char *at = mmap(NULL, 7, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(at != MAP_FAILED);
    at[0] = 'C';
    CHECK(msync(at, 7, MS_SYNC) == 0);
    CHECK(munmap(at, 7) == 0);
  });
}

TEST(times_survive_a_rename) {
  write_file("file", "x");
  struct timespec times[2] = {{1000, 1}, {2000, 2}};
  CHECK(utimensat(AT_FDCWD, "file", times, 0) == 0);
  SETS("file", CTIME, CHECK(rename("file", "moved") == 0 && rename("moved", "file") == 0));
  EQUAL(2000, stat_of("file").st_mtim.tv_sec);
  CHECK(utimensat(AT_FDCWD, lower("small"), times, 0) == 0);
  CHECK(rename(lower("small"), lower("moved")) == 0);
  EQUAL(2000, stat_of(lower("moved")).st_mtim.tv_sec);
  EQUAL(2, stat_of(lower("moved")).st_mtim.tv_nsec);
}

TEST(failed_calls_set_no_times) {
  needs_root();
  CHECK(mkdir("dir", 0755) == 0);
  write_file("dir/file", "x");
  SETS("dir", 0, FAILS(EEXIST, mkdir("dir/file", 0755)));
  SETS("dir", 0, FAILS(ENOENT, unlink("dir/missing")));
  SETS("dir", 0, IN_CHILD(NOBODY, FAILS(EACCES, unlink("dir/file"))));
  SETS("dir/file", 0, IN_CHILD(NOBODY, FAILS(EPERM, chmod("dir/file", 0777))));
  SETS("dir/file", 0, IN_CHILD(NOBODY, FAILS(EPERM, chown("dir/file", NOBODY, NOBODY))));
  SETS("dir/file", 0, IN_CHILD(NOBODY, FAILS(EACCES, truncate("dir/file", 0))));
}

TEST(access_times_of_relatime) {
  write_file("file", "content");
  struct timespec times[2] = {{1000, 0}, {2000, 0}};
  CHECK(utimensat(AT_FDCWD, "file", times, 0) == 0);
  struct stat attributes = stat_of("file");
  EQUAL(1000, attributes.st_atim.tv_sec);
  int fd = open_or_fail("file", O_RDONLY | O_NOATIME, 0);
  char bytes[8];
  CHECK(read(fd, bytes, 7) == 7);
  CHECK(same(attributes.st_mtim, stat_of("file").st_mtim));
}

TEST(a_write_behind_a_time_that_was_set_moves_it) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(write(fd, "x", 1) == 1);
  struct timespec times[2] = {{1000, 1}, {2000, 2}};
  CHECK(futimens(fd, times) == 0);
  struct stat attributes;
  CHECK(fstat(fd, &attributes) == 0);
  EQUAL(2000, attributes.st_mtim.tv_sec);
  CHECK(close(fd) == 0); /* what was cached before does not come after it */
  EQUAL(2000, stat_of("file").st_mtim.tv_sec);
  EQUAL(2, stat_of("file").st_mtim.tv_nsec);
  fd = open_or_fail("file", O_RDWR, 0);
  CHECK(write(fd, "y", 1) == 1 && fsync(fd) == 0);
  CHECK(stat_of("file").st_mtim.tv_sec > 2000);
}

/* In nanoseconds; 0 where nobody tells. */
static long long birth_of(const char *path) {
  struct statx told;
  int wanted = STATX_BASIC_STATS | STATX_BTIME;
  CHECK(statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, wanted, &told) == 0);
  return told.stx_mask & STATX_BTIME ? told.stx_btime.tv_sec * 1000000000LL + told.stx_btime.tv_nsec
                                     : 0;
}

TEST(the_time_of_birth_stays) {
  struct timespec before;
  CHECK(clock_gettime(CLOCK_REALTIME_COARSE, &before) == 0);
  write_file("file", "x");
  long long birth = birth_of("file");
  if (birth == 0) skip("the kernel does not ask a server for it (before Linux 6.6)");
  CHECK(birth >= before.tv_sec * 1000000000LL + before.tv_nsec);
  struct timespec times[2] = {{1000, 0}, {1000, 0}};
  CHECK(utimensat(AT_FDCWD, "file", times, 0) == 0 && chmod("file", 0600) == 0);
  CHECK(rename("file", "moved") == 0);
  CHECK(birth == birth_of("moved"));
  write_file("moved", "longer");
  CHECK(birth == birth_of("moved"));
  CHECK(6 == stat_of("moved").st_size);
  CHECK(mkdir("dir", 0755) == 0 && birth_of("dir") >= birth);
}

TEST(copying_up_is_no_birth) {
  long long birth = birth_of(lower("small"));
  write_file(lower("small"), "changed");
  CHECK(birth == birth_of(lower("small")));
  CHECK(7 == stat_of(lower("small")).st_size);
}
