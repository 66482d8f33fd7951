/* Memory maps, coherence with read and write, execution. */
#include "check.h"

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

static char *map(int fd, size_t size, int protection, int flags) {
  char *at = mmap(NULL, size, protection, flags, fd, 0);
  if (at == MAP_FAILED)
    fail(__FILE__, __LINE__, "mmap: %s", strerror(errno));
  return at;
}

TEST(mmap_shared_write_reaches_read) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(ftruncate(fd, 3 * PAGE) == 0);
  char *at = map(fd, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
  memcpy(at + PAGE - 2, "seam", 4);
  char bytes[4];
  CHECK(pread(fd, bytes, 4, PAGE - 2) == 4);
  CHECK(memcmp(bytes, "seam", 4) == 0);
  CHECK(pwrite(fd, "back", 4, 2 * PAGE) == 4);
  CHECK(memcmp(at + 2 * PAGE, "back", 4) == 0);
  CHECK(munmap(at, 3 * PAGE) == 0);
  close(fd);
  fd = open_or_fail("file", O_RDONLY, 0);
  CHECK(pread(fd, bytes, 4, PAGE - 2) == 4 && memcmp(bytes, "seam", 4) == 0);
  EQUAL(3 * PAGE, stat_of("file").st_size);
}

TEST(mmap_is_coherent_between_two_processes) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(ftruncate(fd, PAGE) == 0);
  volatile char *at = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
  pid_t child = begin_child(0);
  if (child == 0) {
    int other = open_or_fail("file", O_RDWR, 0);
    volatile char *there = map(other, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
    for (int i = 1; i <= 100; i++) {
      while (there[0] != i)
        sched_yield();
      there[1] = (char)i;
    }
    _exit(0);
  }
  for (int i = 1; i <= 100; i++) {
    at[0] = (char)i;
    while (at[1] != i)
      sched_yield();
  }
  end_child(child);
}

TEST(mmap_private_write_stays_private) {
  write_file("file", "original");
  int fd = open_or_fail("file", O_RDWR, 0);
  char *at = map(fd, 8, PROT_READ | PROT_WRITE, MAP_PRIVATE);
  memcpy(at, "mine", 4);
  CHECK(msync(at, 8, MS_SYNC) == 0);
  expect_file("file", "original");
}

TEST(mmap_shared_write_to_lower_file) {
  int fd = open_or_fail(lower("small"), O_RDWR, 0);
  char *at = map(fd, 6, PROT_READ | PROT_WRITE, MAP_SHARED);
  CHECK(memcmp(at, "lower\n", 6) == 0);
  memcpy(at, "upper", 5);
  CHECK(msync(at, 6, MS_SYNC) == 0);
  expect_file(lower("small"), "upper\n");
}

TEST(mmap_opened_before_copy_up_sees_later_writes) {
  int reading = open_or_fail(lower("small"), O_RDONLY, 0);
  char *at = map(reading, 6, PROT_READ, MAP_SHARED);
  CHECK(memcmp(at, "lower\n", 6) == 0);
  int writing = open_or_fail(lower("small"), O_WRONLY, 0);
  CHECK(pwrite(writing, "changed", 7, 0) == 7);
  CHECK(memcmp(at, "change", 6) == 0);
}

TEST(descriptor_opened_before_copy_up_sees_later_writes) {
  int reading = open_or_fail(lower("small"), O_RDONLY, 0);
  expect_content(reading, "lower\n");
  int writing = open_or_fail(lower("small"), O_WRONLY | O_TRUNC, 0);
  CHECK(write(writing, "written after\n", 14) == 14);
  expect_content(reading, "written after\n");
  struct stat one, other;
  CHECK(fstat(reading, &one) == 0 && fstat(writing, &other) == 0);
  EQUAL(one.st_ino, other.st_ino);
  EQUAL(14, one.st_size);
}

TEST(access_behind_the_end_of_a_map_is_a_bus_error) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  CHECK(ftruncate(fd, 2 * PAGE) == 0);
  char *at = map(fd, 2 * PAGE, PROT_READ, MAP_SHARED);
  CHECK(ftruncate(fd, PAGE) == 0);
  pid_t child = fork();
  if (child == 0) {
    signal(SIGBUS, SIG_DFL);
    volatile char byte = at[PAGE];
    (void)byte;
    _exit(0);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

static int execute(const char *path, const char *seconds) {
  pid_t child = fork();
  if (child == 0) {
    execl(path, path, seconds, (char *)NULL);
    _exit(errno == ETXTBSY ? 126 : 127);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(executes_a_lower_program) { EQUAL(42, execute(lower("nothing"), NULL)); }

static void copy(const char *from, const char *to, mode_t mode) {
  int in = open_or_fail(from, O_RDONLY, 0), out = open_or_fail(to, O_WRONLY | O_CREAT, mode);
  char bytes[65536];
  ssize_t got;
  while ((got = read(in, bytes, sizeof bytes)) > 0)
    CHECK(write(out, bytes, (size_t)got) == got);
  EQUAL(0, got);
  CHECK(close(out) == 0);
  close(in);
}

TEST(executes_a_program_written_just_now) {
  copy(lower("nothing"), "nothing", 0755);
  EQUAL(42, execute("./nothing", NULL));
}

TEST(a_running_program_is_busy_for_writers) {
  copy(lower("nothing"), "nothing", 0755);
  int pipes[2];
  CHECK(pipe(pipes) == 0);
  pid_t child = fork();
  if (child == 0) {
    dup2(pipes[1], 1);
    execl("./nothing", "nothing", "60", (char *)NULL);
    _exit(127);
  }
  close(pipes[1]);
  char byte;
  CHECK(read(pipes[0], &byte, 1) == 1);
  FAILS(ETXTBSY, open("nothing", O_WRONLY));
  FAILS(ETXTBSY, truncate("nothing", 0));
  kill(child, SIGKILL);
  CHECK(waitpid(child, NULL, 0) == child);
  CHECK(open("nothing", O_WRONLY) >= 0);
}

TEST(a_file_open_for_writing_is_busy_for_exec) {
  copy(lower("nothing"), "nothing", 0755);
  int fd = open_or_fail("nothing", O_WRONLY, 0);
  EQUAL(126, execute("./nothing", NULL));
  close(fd);
  EQUAL(42, execute("./nothing", NULL));
}

TEST(a_file_without_x_is_not_executed) {
  copy(lower("nothing"), "nothing", 0644);
  EQUAL(127, execute("./nothing", NULL));
  CHECK(chmod("nothing", 0755) == 0);
  EQUAL(42, execute("./nothing", NULL));
}

TEST(chroot_into_the_mount) {
  needs_root();
  pid_t child = fork();
  if (child == 0) {
    if (chroot(low) != 0 || chdir("/") != 0)
      _exit(1);
    execl("/nothing", "nothing", (char *)NULL);
    _exit(2);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  EQUAL(42, WEXITSTATUS(status));
}
