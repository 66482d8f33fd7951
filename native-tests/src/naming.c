/* Names: links, renames, removals, lengths. */
#include "check.h"

#include <sys/syscall.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE 2
#endif

static int rename2(const char *from, const char *to, unsigned flags) {
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags);
}

TEST(tmpfile_gets_a_name_by_linkat) {
  int fd = open_or_fail(".", O_TMPFILE | O_RDWR, 0640);
  struct stat attributes;
  CHECK(fstat(fd, &attributes) == 0);
  EQUAL(0, attributes.st_nlink);
  CHECK(write(fd, "unnamed", 7) == 7);
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  CHECK(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW) == 0);
  expect_file("named", "unnamed");
  EQUAL(0640, stat_of("named").st_mode & 07777);
  EQUAL(1, stat_of("named").st_nlink);
}

TEST(tmpfile_in_a_lower_directory) {
  int fd = open_or_fail(lower("dir"), O_TMPFILE | O_RDWR, 0600);
  CHECK(write(fd, "x", 1) == 1);
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  CHECK(linkat(AT_FDCWD, path, AT_FDCWD, lower("dir/new"), AT_SYMLINK_FOLLOW) == 0);
  expect_file(lower("dir/new"), "x");
  expect_file(lower("dir/1"), "1\n");
}

TEST(tmpfile_with_excl_can_not_be_linked) {
  int fd = open_or_fail(".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  FAILS(ENOENT, linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
}

TEST(rename_noreplace) {
  write_file("a", "a");
  write_file("b", "b");
  FAILS(EEXIST, rename2("a", "b", RENAME_NOREPLACE));
  FAILS(EEXIST, rename2("a", lower("small"), RENAME_NOREPLACE));
  CHECK(rename2("a", "c", RENAME_NOREPLACE) == 0);
  expect_file("c", "a");
  expect_file("b", "b");
}

TEST(rename_exchange) {
  write_file("a", "a");
  CHECK(mkdir("d", 0755) == 0);
  write_file("d/inside", "inside");
  CHECK(rename2("a", "d", RENAME_EXCHANGE) == 0);
  expect_file("d", "a");
  expect_file("a/inside", "inside");
  FAILS(ENOENT, rename2("a", "missing", RENAME_EXCHANGE));
}

TEST(rename_exchange_of_lower_and_upper) {
  write_file("a", "upper");
  CHECK(rename2("a", lower("small"), RENAME_EXCHANGE) == 0);
  expect_file("a", "lower\n");
  expect_file(lower("small"), "upper");
  CHECK(mkdir("d", 0755) == 0);
  CHECK(rename2("d", lower("dir"), RENAME_EXCHANGE) == 0);
  expect_file("d/1", "1\n");
  CHECK(!exists(lower("dir/1")));
}

TEST(rename_onto_itself_or_its_link_does_nothing) {
  write_file("a", "a");
  CHECK(rename("a", "a") == 0);
  CHECK(link("a", "b") == 0);
  CHECK(rename("a", "b") == 0);
  EQUAL(2, stat_of("a").st_nlink);
  EQUAL(stat_of("a").st_ino, stat_of("b").st_ino);
}

TEST(rename_over_an_open_file) {
  write_file("old", "old");
  write_file("new", "new");
  int fd = open_or_fail("old", O_RDWR, 0);
  CHECK(rename("new", "old") == 0);
  expect_content(fd, "old");
  CHECK(pwrite(fd, "OLD", 3, 0) == 3);
  expect_content(fd, "OLD");
  expect_file("old", "new");
  struct stat attributes;
  CHECK(fstat(fd, &attributes) == 0);
  EQUAL(0, attributes.st_nlink);
}

TEST(rename_of_types_onto_each_other) {
  write_file("f", "f");
  CHECK(mkdir("d", 0755) == 0);
  CHECK(mkdir("full", 0755) == 0);
  write_file("full/x", "x");
  FAILS(EISDIR, rename("f", "d"));
  FAILS(ENOTDIR, rename("d", "f"));
  CHECK(rename("d", "full") == -1 && (errno == ENOTEMPTY || errno == EEXIST));
  CHECK(rename("full", "d") == 0);
  expect_file("d/x", "x");
  FAILS(EINVAL, rename("d", "d/below"));
  FAILS(ENOENT, rename("missing", "x"));
}

TEST(rename_of_a_lower_directory) {
  ino_t inode = stat_of(lower("dir")).st_ino;
  CHECK(rename(lower("dir"), lower("moved")) == 0);
  EQUAL(inode, stat_of(lower("moved")).st_ino);
  expect_file(lower("moved/1"), "1\n");
  expect_file(lower("moved/sub/deep"), "deep\n");
  CHECK(!exists(lower("dir")));
  CHECK(mkdir(lower("dir"), 0755) == 0);
  CHECK(!exists(lower("dir/1")));
  write_file(lower("moved/1"), "changed");
  expect_file(lower("moved/1"), "changed");
  CHECK(rename(lower("moved"), "away") == 0);
  expect_file("away/sub/deep", "deep\n");
}

TEST(rename_of_a_lower_directory_after_one_of_its_children) {
  CHECK(rename(lower("dir/1"), lower("dir/one")) == 0);
  CHECK(rename(lower("dir"), lower("moved")) == 0);
  expect_file(lower("moved/one"), "1\n");
  CHECK(!exists(lower("moved/1")));
  for (int i = 2; i <= 20; i++) {
    char name[32], text[32];
    snprintf(name, sizeof name, "moved/%d", i);
    snprintf(text, sizeof text, "%d\n", i);
    expect_file(lower(name), text);
  }
}

TEST(rename_of_a_lower_directory_onto_an_empty_one) {
  CHECK(mkdir("target", 0755) == 0);
  CHECK(rename(lower("dir"), "target") == 0);
  expect_file("target/20", "20\n");
  CHECK(rename("target", lower("dir")) == 0);
  expect_file(lower("dir/20"), "20\n");
}

TEST(names_of_255_bytes_but_not_256) {
  char name[300];
  memset(name, 'n', sizeof name);
  name[255] = 0;
  write_file(name, "x");
  expect_file(name, "x");
  CHECK(rename(name, "short") == 0);
  CHECK(rename("short", name) == 0);
  name[255] = 'n';
  name[256] = 0;
  FAILS(ENAMETOOLONG, open(name, O_RDWR | O_CREAT, 0644));
  FAILS(ENAMETOOLONG, mkdir(name, 0755));
  FAILS(ENAMETOOLONG, symlink("x", name));
  FAILS(ENAMETOOLONG, mkfifo(name, 0644));
  FAILS(ENAMETOOLONG, access(name, F_OK));
  FAILS(ENAMETOOLONG, unlink(name));
  write_file("f", "x");
  FAILS(ENAMETOOLONG, rename("f", name));
  FAILS(ENAMETOOLONG, link("f", name));
}

TEST(names_of_any_bytes) {
  char name[256];
  int length = 0;
  for (int c = 1; c < 256; c++)
    if (c != '/')
      name[length++] = (char)c;
  name[length] = 0;
  write_file(name, "all bytes");
  DIR *dir = opendir(".");
  CHECK(dir != NULL);
  int found = 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    found |= strcmp(entry->d_name, name) == 0;
  CHECK(found);
  write_file("\xff\xfe", "1");
  write_file("\xef\xbf\xbd", "2");
  expect_file("\xff\xfe", "1");
  expect_file(name, "all bytes");
}

TEST(trees_deeper_than_path_max) {
  char name[201];
  memset(name, 'd', 200);
  name[200] = 0;
  int start = open_or_fail(".", O_DIRECTORY | O_RDONLY, 0);
  for (int i = 0; i < 30; i++) { /* 6,000 bytes */
    CHECK(mkdir(name, 0755) == 0);
    CHECK(chdir(name) == 0);
  }
  write_file("bottom", "deep");
  expect_file("bottom", "deep");
  CHECK(rename("bottom", "renamed") == 0);
  CHECK(chmod("renamed", 0600) == 0);
  CHECK(unlink("renamed") == 0);
  for (int i = 0; i < 30; i++) {
    CHECK(chdir("..") == 0);
    CHECK(rmdir(name) == 0);
  }
  struct stat here, there;
  CHECK(stat(".", &here) == 0 && fstat(start, &there) == 0);
  EQUAL(there.st_ino, here.st_ino);
}

TEST(symlinks_of_4095_bytes_and_dangling) {
  char target[4096], read[5000];
  memset(target, 't', sizeof target);
  target[4095] = 0;
  for (int i = 100; i < 4095; i += 100)
    target[i] = '/';
  CHECK(symlink(target, "link") == 0);
  EQUAL(4095, readlink("link", read, sizeof read));
  CHECK(memcmp(target, read, 4095) == 0);
  EQUAL(4095, stat_of("link").st_size);
  CHECK(symlink("nowhere", "dangling") == 0);
  FAILS(ENOENT, open("dangling", O_RDONLY));
  FAILS(ELOOP, open("dangling", O_RDONLY | O_NOFOLLOW));
  CHECK(symlink("loop", "loop") == 0);
  FAILS(ELOOP, open("loop", O_RDONLY));
  FAILS(EEXIST, symlink("x", "link"));
}

TEST(link_counts_of_files) {
  write_file("a", "a");
  CHECK(link("a", "b") == 0);
  CHECK(link("b", "c") == 0);
  EQUAL(3, stat_of("a").st_nlink);
  EQUAL(stat_of("a").st_ino, stat_of("c").st_ino);
  CHECK(unlink("a") == 0);
  EQUAL(2, stat_of("c").st_nlink);
  FAILS(EEXIST, link("b", "c"));
  CHECK(mkdir("d", 0755) == 0);
  FAILS(EPERM, link("d", "e"));
  FAILS(ENOENT, link("missing", "x"));
  CHECK(symlink("b", "s") == 0);
  CHECK(linkat(AT_FDCWD, "s", AT_FDCWD, "t", 0) == 0);
  CHECK(S_ISLNK(stat_of("t").st_mode));
}

TEST(link_to_a_lower_file) {
  CHECK(link(lower("small"), "linked") == 0);
  EQUAL(2, stat_of("linked").st_nlink);
  EQUAL(stat_of(lower("small")).st_ino, stat_of("linked").st_ino);
  write_file("linked", "changed");
  expect_file(lower("small"), "changed");
}

TEST(a_change_of_a_lower_hard_link_shows_under_all_its_names) {
  EQUAL(2, stat_of(lower("hard1")).st_nlink);
  int fd = open_or_fail(lower("hard1"), O_WRONLY | O_APPEND, 0);
  CHECK(write(fd, "more\n", 5) == 5);
  close(fd);
  expect_file(lower("hard1"), "hard\nmore\n");
  expect_file(lower("hard2"), "hard\nmore\n");
  EQUAL(stat_of(lower("hard1")).st_ino, stat_of(lower("hard2")).st_ino);
  CHECK(unlink(lower("hard1")) == 0);
  EQUAL(1, stat_of(lower("hard2")).st_nlink);
  expect_file(lower("hard2"), "hard\nmore\n");
}

TEST(link_counts_of_directories_allow_find_to_work) {
  nlink_t before = stat_of(".").st_nlink;
  CHECK(mkdir("d", 0755) == 0);
  nlink_t after = stat_of(".").st_nlink;
  CHECK(before == 1 ? after == 1 : after == before + 1);
  CHECK(rmdir("d") == 0);
  EQUAL(before, stat_of(".").st_nlink);
}

TEST(removals_that_must_fail) {
  CHECK(mkdir("d", 0755) == 0);
  write_file("d/f", "f");
  FAILS(ENOTEMPTY, rmdir("d"));
  FAILS(ENOTEMPTY, rmdir(lower("dir")));
  FAILS(EISDIR, unlink("d"));
  FAILS(ENOTDIR, rmdir("d/f"));
  FAILS(EINVAL, rmdir("d/."));
  FAILS(ENOTDIR, unlink("d/f/below"));
  FAILS(ENOENT, unlink("missing"));
}

TEST(a_lower_name_removed_and_made_again) {
  CHECK(unlink(lower("small")) == 0);
  CHECK(!exists(lower("small")));
  FAILS(ENOENT, open(lower("small"), O_RDWR));
  write_file(lower("small"), "again");
  expect_file(lower("small"), "again");
  CHECK(unlink(lower("small")) == 0);
  CHECK(mkdir(lower("small"), 0700) == 0);
  EQUAL(0700, stat_of(lower("small")).st_mode & 07777);
}

static int entries(const char *path) {
  DIR *dir = opendir(path);
  CHECK(dir != NULL);
  int number = 0;
  while (readdir(dir) != NULL)
    number++;
  closedir(dir);
  return number - 2;
}

TEST(a_lower_directory_removed_and_made_again_is_empty) {
  char name[32];
  for (int i = 1; i <= 20; i++) {
    snprintf(name, sizeof name, "dir/%d", i);
    CHECK(unlink(lower(name)) == 0);
  }
  CHECK(unlink(lower("dir/sub/deep")) == 0);
  CHECK(rmdir(lower("dir/sub")) == 0);
  CHECK(rmdir(lower("dir")) == 0);
  CHECK(!exists(lower("dir")));
  CHECK(mkdir(lower("dir"), 0755) == 0);
  EQUAL(0, entries(lower("dir")));
  CHECK(!exists(lower("dir/1")));
  CHECK(mkdir(lower("dir/sub"), 0755) == 0);
  EQUAL(0, entries(lower("dir/sub")));
}

TEST(renames_to_names_of_removed_lower_files) {
  CHECK(unlink(lower("small")) == 0);
  CHECK(mkdir("new", 0755) == 0);
  write_file("new/x", "x");
  CHECK(rename("new", lower("small")) == 0);
  expect_file(lower("small/x"), "x");
  CHECK(rename(lower("dir/sub"), lower("sub")) == 0);
  CHECK(unlink(lower("dir/1")) == 0);
  CHECK(rename(lower("sub"), lower("dir/1")) == 0);
  expect_file(lower("dir/1/deep"), "deep\n");
  CHECK(unlink(lower("dir/2")) == 0);
  CHECK(rename(lower("dir/3"), lower("dir/2")) == 0);
  expect_file(lower("dir/2"), "3\n");
  CHECK(rename(lower("dir/1"), lower("dir/sub")) == 0);
  expect_file(lower("dir/sub/deep"), "deep\n");
  CHECK(!exists(lower("dir/1")) && !exists(lower("dir/3")));
}

TEST(a_removed_working_directory_has_no_entries) {
  CHECK(mkdir("d", 0755) == 0);
  CHECK(chdir("d") == 0);
  CHECK(rmdir("../d") == 0);
  FAILS(ENOENT, open("new", O_RDWR | O_CREAT, 0644));
  FAILS(ENOENT, mkdir("new", 0755));
  struct stat attributes;
  CHECK(stat(".", &attributes) == 0);
  EQUAL(0, attributes.st_nlink);
}

TEST(rename_whiteout_leaves_a_device_0_0) {
  needs_root();
  write_file("new", "new");
  CHECK(renameat2(AT_FDCWD, "new", AT_FDCWD, "moved", RENAME_WHITEOUT) == 0);
  CHECK(renameat2(AT_FDCWD, lower("small"), AT_FDCWD, "new-name", RENAME_WHITEOUT) == 0);
  CHECK(renameat2(AT_FDCWD, lower("dir"), AT_FDCWD, "dir", RENAME_WHITEOUT | RENAME_NOREPLACE) == 0);
  const char *old[] = {"new", lower("small"), lower("dir")};
  for (int i = 0; i < 3; i++) {
    struct stat attributes = stat_of(old[i]);
    CHECK(S_ISCHR(attributes.st_mode));
    EQUAL(0, attributes.st_rdev);
    CHECK(unlink(old[i]) == 0);
    CHECK(!exists(old[i]));
  }
  expect_file("moved", "new");
  expect_file("new-name", "lower\n");
  expect_file("dir/1", "1\n");
  FAILS(EINVAL, renameat2(AT_FDCWD, "moved", AT_FDCWD, "dir", RENAME_WHITEOUT | RENAME_EXCHANGE));
  FAILS(EEXIST, renameat2(AT_FDCWD, "moved", AT_FDCWD, "dir", RENAME_WHITEOUT | RENAME_NOREPLACE));
}
