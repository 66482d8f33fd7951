/* Several processes at once: exactly one wins, and nobody sees anything half done. */
#include "check.h"

#include <sys/mman.h>

enum { PROCESSES = 4, ROUNDS = 100 };

static int *shared_counts(void) {
  int *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(at != MAP_FAILED);
  return at;
}

/* Runs the work in all processes, once per round, and counts how often it gave 1. */
static void race(int (*work)(int round, int process), int *wins) {
  pid_t children[PROCESSES];
  for (int p = 0; p < PROCESSES; p++) {
    children[p] = begin_child(0);
    if (children[p] == 0) {
      for (int round = 0; round < ROUNDS; round++)
        if (work(round, p))
          __atomic_add_fetch(&wins[round], 1, __ATOMIC_SEQ_CST);
      _exit(0);
    }
  }
  for (int p = 0; p < PROCESSES; p++)
    end_child(children[p]);
}

static int create_exclusively(int round, int process) {
  char name[64];
  (void)process;
  snprintf(name, sizeof name, "file%d", round);
  int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (fd < 0 && errno != EEXIST)
    fail(__FILE__, __LINE__, "open: %s", strerror(errno));
  return fd >= 0;
}

static int make_directory(int round, int process) {
  char name[64];
  (void)process;
  snprintf(name, sizeof name, "dir%d", round);
  int made = mkdir(name, 0755) == 0;
  if (!made && errno != EEXIST)
    fail(__FILE__, __LINE__, "mkdir: %s", strerror(errno));
  return made;
}

static int link_exclusively(int round, int process) {
  char name[64], own[64];
  snprintf(own, sizeof own, "own%d", process);
  close(open_or_fail(own, O_WRONLY | O_CREAT, 0644));
  snprintf(name, sizeof name, "link%d", round);
  int made = link(own, name) == 0;
  if (!made && errno != EEXIST)
    fail(__FILE__, __LINE__, "link: %s", strerror(errno));
  return made;
}

static void one_winner(int (*work)(int round, int process)) {
  int *wins = shared_counts();
  race(work, wins);
  for (int round = 0; round < ROUNDS; round++)
    EQUAL(1, wins[round]);
}

TEST(one_of_four_creates_exclusively) { one_winner(create_exclusively); }

TEST(one_of_four_makes_a_directory) { one_winner(make_directory); }

TEST(one_of_four_links) { one_winner(link_exclusively); }

static int remove_lower(int round, int process) {
  char name[64];
  (void)process;
  snprintf(name, sizeof name, "dir/%d", round % 20 + 1);
  int removed = unlink(lower(name)) == 0;
  if (!removed && errno != ENOENT)
    fail(__FILE__, __LINE__, "unlink: %s", strerror(errno));
  return removed;
}

TEST(one_of_four_removes_a_lower_file) {
  int *wins = shared_counts();
  race(remove_lower, wins);
  int sum = 0;
  for (int round = 0; round < ROUNDS; round++)
    sum += wins[round];
  EQUAL(20, sum);
}

static int replace_by_rename(int round, int process) {
  char own[64], text[64];
  snprintf(own, sizeof own, "own%d", process);
  snprintf(text, sizeof text, "whole %03d %d", round, process);
  write_file(own, text);
  CHECK(rename(own, lower("small")) == 0);
  return 1;
}

TEST(a_file_replaced_by_rename_is_always_whole) {
  write_file(lower("small"), "whole 000 0");
  pid_t reader = begin_child(0);
  if (reader == 0) {
    for (int i = 0; i < 1000; i++) {
      char bytes[64];
      int fd = open_or_fail(lower("small"), O_RDONLY, 0);
      EQUAL(11, read(fd, bytes, sizeof bytes));
      CHECK(memcmp(bytes, "whole ", 6) == 0);
      close(fd);
    }
    _exit(0);
  }
  race(replace_by_rename, shared_counts());
  end_child(reader);
}

static int copy_up_one_file(int round, int process) {
  int fd = open_or_fail(lower("big"), O_RDWR, 0);
  char byte = (char)('a' + process);
  CHECK(pwrite(fd, &byte, 1, round * PROCESSES + process) == 1);
  close(fd);
  return 1;
}

TEST(four_processes_write_into_one_lower_file) {
  race(copy_up_one_file, shared_counts());
  int fd = open_or_fail(lower("big"), O_RDONLY, 0);
  char bytes[ROUNDS * PROCESSES];
  CHECK(pread(fd, bytes, sizeof bytes, 0) == sizeof bytes);
  for (int i = 0; i < ROUNDS * PROCESSES; i++)
    EQUAL('a' + i % PROCESSES, bytes[i]);
  EQUAL(1 << 20, stat_of(lower("big")).st_size);
}

static int move_around(int round, int process) {
  char from[64], to[64];
  snprintf(from, sizeof from, "dir/%d", (round + process) % 20 + 1);
  snprintf(to, sizeof to, "dir/sub/%d", (round * 7 + process) % 20 + 1);
  if (rename(lower(from), lower(to)) != 0 && errno != ENOENT)
    fail(__FILE__, __LINE__, "rename: %s", strerror(errno));
  if (rename(lower(to), lower(from)) != 0 && errno != ENOENT)
    fail(__FILE__, __LINE__, "rename: %s", strerror(errno));
  return 1;
}

TEST(four_processes_move_lower_files) {
  race(move_around, shared_counts());
  int count = 0;
  const char *names[] = {"dir", "dir/sub"};
  for (int i = 0; i < 2; i++) {
    DIR *dir = opendir(lower(names[i]));
    CHECK(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
      char path[PATH_MAX];
      snprintf(path, sizeof path, "%s/%s", lower(names[i]), entry->d_name);
      stat_of(path); /* every name that is listed is there */
      count += entry->d_type == DT_REG;
    }
    closedir(dir);
  }
  CHECK(count >= 1 && count <= 21);
}
