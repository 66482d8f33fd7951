/* Modes, owners, times, inode numbers. */
#include "check.h"

#include <grp.h>
#include <sys/time.h>
#include <time.h>

static void set(const char *path, time_t access, long access_nanos, time_t modify,
                long modify_nanos) {
  struct timespec times[2] = {{access, access_nanos}, {modify, modify_nanos}};
  if (utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) != 0)
    fail(__FILE__, __LINE__, "utimensat(%s): %s", path, strerror(errno));
}

TEST(times_are_set_and_omitted) {
  write_file("file", "x");
  set("file", 1000, 1, 2000, 999999999);
  struct stat s = stat_of("file");
  EQUAL(1000, s.st_atim.tv_sec);
  EQUAL(1, s.st_atim.tv_nsec);
  EQUAL(2000, s.st_mtim.tv_sec);
  EQUAL(999999999, s.st_mtim.tv_nsec);
  set("file", 0, UTIME_OMIT, 3000, 5);
  s = stat_of("file");
  EQUAL(1000, s.st_atim.tv_sec);
  EQUAL(3000, s.st_mtim.tv_sec);
  set("file", 4000, 0, 0, UTIME_OMIT);
  s = stat_of("file");
  EQUAL(4000, s.st_atim.tv_sec);
  EQUAL(3000, s.st_mtim.tv_sec);
  EQUAL(5, s.st_mtim.tv_nsec);
  time_t now = time(NULL);
  set("file", 0, UTIME_OMIT, 0, UTIME_NOW);
  s = stat_of("file");
  EQUAL(4000, s.st_atim.tv_sec);
  CHECK(s.st_mtim.tv_sec >= now - 1 && s.st_mtim.tv_sec <= now + 2);
  struct timespec bad[2] = {{1, 1000000000}, {1, 0}};
  FAILS(EINVAL, utimensat(AT_FDCWD, "file", bad, 0));
}

TEST(times_before_1970_and_after_2038) {
  write_file("file", "x");
  set("file", -1000000000, 123456789, 5000000000, 987654321);
  struct stat s = stat_of("file");
  EQUAL(-1000000000, s.st_atim.tv_sec);
  EQUAL(123456789, s.st_atim.tv_nsec);
  EQUAL(5000000000, s.st_mtim.tv_sec);
  EQUAL(987654321, s.st_mtim.tv_nsec);
}

TEST(times_of_links_directories_and_fifos) {
  CHECK(symlink("nowhere", "link") == 0);
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(mkfifo("fifo", 0644) == 0);
  const char *names[] = {"link", "dir", "fifo"};
  for (int i = 0; i < 3; i++) {
    set(names[i], 111, 222, 333, 444);
    struct stat s = stat_of(names[i]);
    EQUAL(111, s.st_atim.tv_sec);
    EQUAL(333, s.st_mtim.tv_sec);
    EQUAL(444, s.st_mtim.tv_nsec);
  }
}

TEST(times_by_descriptor) {
  int fd = open_or_fail("file", O_RDWR | O_CREAT, 0644);
  struct timespec times[2] = {{7, 8}, {9, 10}};
  CHECK(futimens(fd, times) == 0);
  struct stat s;
  CHECK(fstat(fd, &s) == 0);
  EQUAL(7, s.st_atim.tv_sec);
  EQUAL(9, s.st_mtim.tv_sec);
}

TEST(times_of_a_lower_file) {
  time_t before = stat_of(lower("small")).st_mtim.tv_sec;
  EQUAL(1000000000, before);
  CHECK(chmod(lower("small"), 0600) == 0);
  EQUAL(before, stat_of(lower("small")).st_mtim.tv_sec);
  set(lower("small"), 5, 6, 7, 8);
  EQUAL(7, stat_of(lower("small")).st_mtim.tv_sec);
  EQUAL(8, stat_of(lower("small")).st_mtim.tv_nsec);
  expect_file(lower("small"), "lower\n");
}

static int later(struct timespec a, struct timespec b) {
  return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

TEST(changes_show_in_mtime_and_ctime) {
  write_file("file", "x");
  struct stat before = stat_of("file");
  sleep_millis(20);
  CHECK(chmod("file", 0600) == 0);
  struct stat after = stat_of("file");
  CHECK(later(after.st_ctim, before.st_ctim));
  EQUAL(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
  before = after;
  sleep_millis(20);
  int fd = open_or_fail("file", O_WRONLY, 0);
  CHECK(write(fd, "y", 1) == 1);
  close(fd);
  after = stat_of("file");
  CHECK(later(after.st_mtim, before.st_mtim));
  CHECK(later(after.st_ctim, before.st_ctim));
  before = after;
  sleep_millis(20);
  CHECK(link("file", "link") == 0);
  CHECK(later(stat_of("file").st_ctim, before.st_ctim));
  struct stat dir = stat_of(".");
  sleep_millis(20);
  CHECK(unlink("link") == 0);
  CHECK(later(stat_of(".").st_mtim, dir.st_mtim));
  dir = stat_of(".");
  sleep_millis(20);
  CHECK(rename("file", "renamed") == 0);
  CHECK(later(stat_of(".").st_mtim, dir.st_mtim));
  before = stat_of("renamed");
  sleep_millis(20);
  CHECK(truncate("renamed", 0) == 0);
  CHECK(later(stat_of("renamed").st_mtim, before.st_mtim));
}

TEST(modes_of_all_bits) {
  write_file("file", "x");
  for (int mode = 0; mode <= 07777; mode += 0421) {
    CHECK(chmod("file", (mode_t)mode) == 0);
    EQUAL(mode, stat_of("file").st_mode & 07777);
  }
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(chmod("dir", 07711) == 0);
  EQUAL(07711, stat_of("dir").st_mode & 07777);
}

TEST(owners_are_set_one_by_one) {
  needs_root();
  write_file("file", "x");
  CHECK(chown("file", 10, (gid_t)-1) == 0);
  CHECK(chown("file", (uid_t)-1, 20) == 0);
  EQUAL(10, stat_of("file").st_uid);
  EQUAL(20, stat_of("file").st_gid);
  CHECK(chown("file", 4000000000u, 3000000000u) == 0);
  EQUAL(4000000000u, stat_of("file").st_uid);
  CHECK(symlink("file", "link") == 0);
  CHECK(lchown("link", 7, 8) == 0);
  EQUAL(7, stat_of("link").st_uid);
  EQUAL(4000000000u, stat_of("file").st_uid);
  CHECK(chown(lower("small"), 30, 40) == 0);
  EQUAL(30, stat_of(lower("small")).st_uid);
  expect_file(lower("small"), "lower\n");
}

static void make_setuid(const char *path) {
  write_file(path, "program");
  CHECK(chmod(path, 06777) == 0);
  EQUAL(06777, stat_of(path).st_mode & 07777);
}

TEST(setuid_is_cleared_by_another_users_write) {
  needs_root();
  make_setuid("file");
  IN_CHILD(NOBODY, {
    int fd = open_or_fail("file", O_WRONLY, 0);
    CHECK(write(fd, "x", 1) == 1);
  });
  EQUAL(0777, stat_of("file").st_mode & 07777);
  make_setuid("file");
  IN_CHILD(NOBODY, CHECK(truncate("file", 1) == 0));
  EQUAL(0777, stat_of("file").st_mode & 07777);
  make_setuid("file");
  IN_CHILD(NOBODY, close(open_or_fail("file", O_WRONLY | O_TRUNC, 0)));
  EQUAL(0777, stat_of("file").st_mode & 07777);
}

TEST(setuid_of_a_lower_file_is_kept_and_cleared) {
  needs_root();
  EQUAL(04755, stat_of(lower("setuid")).st_mode & 07777);
  set(lower("setuid"), 1, 0, 1, 0);
  EQUAL(04755, stat_of(lower("setuid")).st_mode & 07777);
  CHECK(chmod(lower("setuid"), 04777) == 0);
  IN_CHILD(NOBODY, {
    int fd = open_or_fail(lower("setuid"), O_WRONLY, 0);
    CHECK(write(fd, "x", 1) == 1);
  });
  EQUAL(0777, stat_of(lower("setuid")).st_mode & 07777);
}

TEST(setuid_is_cleared_by_chown) {
  needs_root();
  make_setuid("file");
  CHECK(chown("file", 1, 1) == 0);
  EQUAL(0777, stat_of("file").st_mode & 07777);
}

TEST(setgid_is_not_for_files_of_foreign_groups) {
  needs_root();
  CHECK(mkdir("dir", 0777) == 0 && chmod("dir", 0777) == 0);
  IN_CHILD(NOBODY, {
    write_file("dir/file", "x");
    CHECK(chmod("dir/file", 02755) == 0);
    EQUAL(02755, stat_of("dir/file").st_mode & 07777);
  });
  CHECK(chown("dir/file", NOBODY, 1) == 0);
  IN_CHILD(NOBODY, {
    CHECK(chmod("dir/file", 02755) == 0);
    EQUAL(0755, stat_of("dir/file").st_mode & 07777);
  });
}

/* Nobody's rights, but in one more group. */
#define WITH_GROUP(group, ...)                                                                     \
  IN_CHILD(0, {                                                                                    \
    gid_t groups[] = {group};                                                                      \
    CHECK(setgroups(1, groups) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0);                    \
    CHECK(setresuid(NOBODY, NOBODY, NOBODY) == 0);                                                 \
    __VA_ARGS__;                                                                                   \
  })

TEST(setgid_is_kept_for_other_groups_of_the_caller) {
  needs_root();
  CHECK(mkdir("dir", 0777) == 0 && chown("dir", 0, 123) == 0 && chmod("dir", 02777) == 0);
  WITH_GROUP(123, {
    close(open_or_fail("dir/member", O_CREAT | O_WRONLY, 02755));
    CHECK(mknod("dir/node", S_IFREG | 02755, 0) == 0);
  });
  WITH_GROUP(124, close(open_or_fail("dir/stranger", O_CREAT | O_WRONLY, 02755)));
  EQUAL(02755, stat_of("dir/member").st_mode & 07777);
  EQUAL(02755, stat_of("dir/node").st_mode & 07777);
  EQUAL(0755, stat_of("dir/stranger").st_mode & 07777);
  EQUAL(123, stat_of("dir/stranger").st_gid);
}

TEST(setgid_without_exec_is_cleared_by_strangers_only) {
  needs_root();
  const char *files[] = {"member", "stranger", lower("small"), lower("others")};
  for (int i = 0; i < 4; i++) {
    if (i < 2) write_file(files[i], "content");
    CHECK(chown(files[i], 0, 123) == 0 && chmod(files[i], 02666) == 0);
  }
  for (int i = 0; i < 4; i++) {
    gid_t group = i % 2 == 0 ? 123 : 124;
    WITH_GROUP(group, {
      int fd = open_or_fail(files[i], O_WRONLY, 0);
      CHECK(write(fd, "x", 1) == 1);
    });
    EQUAL(i % 2 == 0 ? 02666 : 0666, stat_of(files[i]).st_mode & 07777);
  }
}

TEST(inode_numbers_agree_with_the_directory) {
  write_file("file", "x");
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(symlink("x", "link") == 0);
  const char *places[] = {".", low, lower("dir")};
  dev_t device = stat_of(".").st_dev;
  for (int i = 0; i < 3; i++) {
    DIR *dir = opendir(places[i]);
    CHECK(dir != NULL);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
      struct stat s;
      CHECK(fstatat(dirfd(dir), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) == 0);
      EQUAL(device, s.st_dev);
      if (strcmp(entry->d_name, "..") != 0 && s.st_ino != entry->d_ino)
        fail(__FILE__, __LINE__, "%s/%s: st_ino %llu, d_ino %llu", places[i], entry->d_name,
             (unsigned long long)s.st_ino, (unsigned long long)entry->d_ino);
      if (entry->d_type != DT_UNKNOWN)
        EQUAL(IFTODT(s.st_mode), entry->d_type);
    }
    closedir(dir);
  }
}

TEST(inode_numbers_stay_through_change_and_rename) {
  ino_t file = stat_of(lower("small")).st_ino, dir = stat_of(lower("dir")).st_ino;
  dev_t device = stat_of(lower("small")).st_dev;
  write_file(lower("small"), "changed");
  EQUAL(file, stat_of(lower("small")).st_ino);
  EQUAL(device, stat_of(lower("small")).st_dev);
  CHECK(rename(lower("small"), "moved") == 0);
  EQUAL(file, stat_of("moved").st_ino);
  CHECK(chmod(lower("dir"), 0700) == 0);
  write_file(lower("dir/new"), "x");
  EQUAL(dir, stat_of(lower("dir")).st_ino);
}

TEST(attributes_of_lower_directories_change) {
  CHECK(chmod(lower("dir"), 02711) == 0);
  EQUAL(02711, stat_of(lower("dir")).st_mode & 07777);
  set(lower("dir"), 1, 2, 3, 4);
  EQUAL(3, stat_of(lower("dir")).st_mtim.tv_sec);
  expect_file(lower("dir/7"), "7\n");
  EQUAL(02711, stat_of(lower("dir")).st_mode & 07777);
}
