/* flock, POSIX and OFD locks, between processes. */
#include "check.h"

#include <sys/file.h>

static int lock(int fd, int command, short type, off_t start, off_t length) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
  return fcntl(fd, command, &lock);
}

TEST(flock_excludes_others) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(flock(fd, LOCK_EX) == 0);
  IN_CHILD(0, {
    int other = open_or_fail("file", O_RDWR, 0);
    FAILS(EWOULDBLOCK, flock(other, LOCK_EX | LOCK_NB));
    FAILS(EWOULDBLOCK, flock(other, LOCK_SH | LOCK_NB));
  });
  CHECK(flock(fd, LOCK_SH) == 0);
  IN_CHILD(0, {
    int other = open_or_fail("file", O_RDWR, 0);
    CHECK(flock(other, LOCK_SH | LOCK_NB) == 0);
    FAILS(EWOULDBLOCK, flock(other, LOCK_EX | LOCK_NB));
  });
  CHECK(flock(fd, LOCK_UN) == 0);
  IN_CHILD(0, CHECK(flock(open_or_fail("file", O_RDWR, 0), LOCK_EX | LOCK_NB) == 0));
}

TEST(flock_waits_for_the_holder) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(flock(fd, LOCK_EX) == 0);
  pid_t child = begin_child(0);
  if (child == 0) {
    int other = open_or_fail("file", O_RDWR, 0);
    CHECK(flock(other, LOCK_EX) == 0);
    expect_content(other, "released");
    _exit(0);
  }
  sleep_millis(100);
  CHECK(write(fd, "released", 8) == 8);
  CHECK(flock(fd, LOCK_UN) == 0);
  end_child(child);
}

TEST(flock_ends_with_its_holder) {
  close(open_or_fail("file", O_RDWR | O_CREAT, 0644));
  IN_CHILD(0, CHECK(flock(open_or_fail("file", O_RDWR, 0), LOCK_EX) == 0));
  CHECK(flock(open_or_fail("file", O_RDWR, 0), LOCK_EX | LOCK_NB) == 0);
}

TEST(posix_locks_exclude_by_range) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(lock(fd, F_SETLK, F_WRLCK, 100, 50) == 0);
  pid_t holder = getpid();
  IN_CHILD(0, {
    int other = open_or_fail("file", O_RDWR, 0);
    CHECK(lock(other, F_SETLK, F_WRLCK, 0, 100) == 0);
    CHECK(lock(other, F_SETLK, F_WRLCK, 150, 0) == 0);
    FAILS(EAGAIN, lock(other, F_SETLK, F_RDLCK, 149, 1));
    struct flock asked = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 120, .l_len = 1};
    CHECK(fcntl(other, F_GETLK, &asked) == 0);
    EQUAL(F_WRLCK, asked.l_type);
    EQUAL(holder, asked.l_pid);
    EQUAL(100, asked.l_start);
  });
}

TEST(posix_locks_end_with_any_close) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(lock(fd, F_SETLK, F_WRLCK, 0, 0) == 0);
  IN_CHILD(0, FAILS(EAGAIN, lock(open_or_fail("file", O_RDWR, 0), F_SETLK, F_WRLCK, 0, 0)));
  close(open_or_fail("file", O_RDONLY, 0));
  IN_CHILD(0, CHECK(lock(open_or_fail("file", O_RDWR, 0), F_SETLK, F_WRLCK, 0, 0) == 0));
}

TEST(ofd_locks_belong_to_the_opening) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  int other = open_or_fail("file", O_RDWR, 0);
  CHECK(lock(fd, F_OFD_SETLK, F_WRLCK, 0, 10) == 0);
  FAILS(EAGAIN, lock(other, F_OFD_SETLK, F_WRLCK, 5, 10));
  close(open_or_fail("file", O_RDONLY, 0));
  FAILS(EAGAIN, lock(other, F_OFD_SETLK, F_WRLCK, 5, 10));
  close(fd);
  CHECK(lock(other, F_OFD_SETLK, F_WRLCK, 5, 10) == 0);
}

TEST(locks_hold_across_copy_up) {
  int fd = open_or_fail(lower("small"), O_RDONLY, 0);
  CHECK(flock(fd, LOCK_EX) == 0);
  write_file(lower("small"), "changed");
  IN_CHILD(0, {
    int other = open_or_fail(lower("small"), O_RDWR, 0);
    FAILS(EWOULDBLOCK, flock(other, LOCK_EX | LOCK_NB));
  });
  CHECK(lock(fd, F_SETLK, F_RDLCK, 0, 0) == 0);
  IN_CHILD(0, FAILS(EAGAIN, lock(open_or_fail(lower("small"), O_RDWR, 0), F_SETLK, F_WRLCK, 0, 0)));
}

TEST(locks_hold_after_unlink) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(flock(fd, LOCK_EX) == 0);
  CHECK(unlink("file") == 0);
  int again = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(flock(again, LOCK_EX | LOCK_NB) == 0);
}
