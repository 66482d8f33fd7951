/* Leases (F_SETLEASE) and dnotify (F_NOTIFY). */
#include "check.h"

#include <signal.h>

static volatile sig_atomic_t arrived;

static void note(int signal) {
  (void)signal;
  arrived = arrived + 1;
}

static void expect_signal(int signal) {
  struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
  CHECK(sigaction(signal, &action, NULL) == 0);
  arrived = 0;
}

static int wait_for_signal(void) {
  for (int i = 0; i < 300 && !arrived; i++)
    sleep_millis(10);
  return arrived != 0;
}

static int lease(int fd, int type) {
  CHECK(fcntl(fd, F_SETSIG, SIGUSR1) == 0);
  return fcntl(fd, F_SETLEASE, type);
}

static void breaks(const char *path, int flags, int type) {
  int fd = open_or_fail(path, O_RDONLY, 0);
  expect_signal(SIGUSR1);
  CHECK(lease(fd, type) == 0);
  EQUAL(type, fcntl(fd, F_GETLEASE));
  pid_t child = begin_child(0);
  if (child == 0) {
    FAILS(EWOULDBLOCK, open(path, flags | O_NONBLOCK));
    int other = open_or_fail(path, flags, 0); /* waits until the lease is given up */
    close(other);
    _exit(0);
  }
  CHECK(wait_for_signal());
  CHECK(fcntl(fd, F_SETLEASE, F_UNLCK) == 0);
  end_child(child);
  EQUAL(F_UNLCK, fcntl(fd, F_GETLEASE));
}

TEST(a_read_lease_is_broken_by_a_writer) {
  write_file("file", "x");
  breaks("file", O_WRONLY, F_RDLCK);
}

TEST(a_read_lease_of_a_lower_file_is_broken_by_a_writer) {
  breaks(lower("small"), O_WRONLY, F_RDLCK);
  expect_file(lower("small"), "lower\n");
}

TEST(a_write_lease_is_broken_by_a_reader) {
  write_file("file", "x");
  breaks("file", O_RDONLY, F_WRLCK);
}

TEST(a_lease_is_broken_by_truncate) {
  write_file("file", "content");
  int fd = open_or_fail("file", O_RDONLY, 0);
  expect_signal(SIGUSR1);
  CHECK(lease(fd, F_RDLCK) == 0);
  pid_t child = begin_child(0);
  if (child == 0) {
    CHECK(truncate("file", 3) == 0);
    _exit(0);
  }
  CHECK(wait_for_signal());
  CHECK(fcntl(fd, F_SETLEASE, F_UNLCK) == 0);
  end_child(child);
  expect_file("file", "con");
}

TEST(leases_are_not_given_where_others_have_the_file_open) {
  write_file("file", "x");
  int writing = open_or_fail("file", O_WRONLY, 0), reading = open_or_fail("file", O_RDONLY, 0);
  FAILS(EAGAIN, fcntl(reading, F_SETLEASE, F_RDLCK));
  close(writing);
  int other = open_or_fail("file", O_RDONLY, 0);
  FAILS(EAGAIN, fcntl(reading, F_SETLEASE, F_WRLCK));
  close(other);
  CHECK(fcntl(reading, F_SETLEASE, F_RDLCK) == 0);
  EQUAL(F_RDLCK, fcntl(reading, F_GETLEASE));
}

TEST(leases_are_for_owners) {
  needs_root();
  write_file("file", "x");
  IN_CHILD(NOBODY, FAILS(EACCES, fcntl(open_or_fail("file", O_RDONLY, 0), F_SETLEASE, F_RDLCK)));
}

static void notifies(const char *directory, const char *name) {
  int fd = open_or_fail(directory, O_RDONLY | O_DIRECTORY, 0);
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  CHECK(fcntl(fd, F_SETSIG, SIGUSR2) == 0);
  expect_signal(SIGUSR2);
  CHECK(fcntl(fd, F_NOTIFY, DN_CREATE) == 0);
  write_file(path, "x");
  CHECK(wait_for_signal());
  arrived = 0;
  CHECK(fcntl(fd, F_NOTIFY, DN_MODIFY) == 0);
  write_file(path, "changed");
  CHECK(wait_for_signal());
  arrived = 0;
  CHECK(fcntl(fd, F_NOTIFY, DN_ATTRIB) == 0);
  CHECK(chmod(path, 0600) == 0);
  CHECK(wait_for_signal());
  arrived = 0;
  CHECK(fcntl(fd, F_NOTIFY, DN_RENAME) == 0);
  char moved[PATH_MAX + 8];
  snprintf(moved, sizeof moved, "%s.moved", path);
  CHECK(rename(path, moved) == 0);
  CHECK(wait_for_signal());
  arrived = 0;
  CHECK(fcntl(fd, F_NOTIFY, DN_DELETE) == 0);
  CHECK(unlink(moved) == 0);
  CHECK(wait_for_signal());
}

TEST(dnotify_tells_of_changes) { notifies(".", "file"); }

TEST(dnotify_in_a_lower_directory) { notifies(lower("dir"), "file"); }

TEST(dnotify_of_a_lower_file_that_is_changed) {
  int fd = open_or_fail(lower("dir"), O_RDONLY | O_DIRECTORY, 0);
  CHECK(fcntl(fd, F_SETSIG, SIGUSR2) == 0);
  expect_signal(SIGUSR2);
  CHECK(fcntl(fd, F_NOTIFY, DN_MODIFY) == 0);
  int out = open_or_fail(lower("dir/1"), O_WRONLY, 0);
  CHECK(write(out, "x", 1) == 1);
  CHECK(wait_for_signal());
}
