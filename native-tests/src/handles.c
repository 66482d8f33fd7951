/*
 * File handles, as an NFS server uses them: name_to_handle_at and open_by_handle_at, with the
 * kernel's memory of names and inodes dropped between them.
 */
#include "check.h"

struct handle {
  struct file_handle head;
  char bytes[MAX_HANDLE_SZ];
};

static int mount_fd = -1;

static struct handle handle_of(const char *path) {
  struct handle handle = {.head.handle_bytes = MAX_HANDLE_SZ};
  int mount_id;
  if (mount_fd < 0) {
    needs_root();
    mount_fd = open_or_fail(".", O_RDONLY | O_DIRECTORY, 0);
  }
  CHECK(name_to_handle_at(AT_FDCWD, path, &handle.head, &mount_id, 0) == 0);
  return handle;
}

static int by_handle(struct handle *handle, int flags) {
  return open_by_handle_at(mount_fd, &handle->head, flags);
}

static void forget(void) {
  int fd = open_or_fail("/proc/sys/vm/drop_caches", O_WRONLY, 0);
  CHECK(write(fd, "2", 1) == 1);
  close(fd);
}

static void expect_behind(struct handle *handle, const char *text) {
  int fd = by_handle(handle, O_RDONLY);
  CHECK(fd >= 0);
  expect_content(fd, text);
  close(fd);
}

static void expect_same(struct handle *handle, const char *path) {
  struct stat by_handle_stat, by_path = stat_of(path);
  int fd = by_handle(handle, O_PATH);
  CHECK(fd >= 0);
  CHECK(fstat(fd, &by_handle_stat) == 0);
  EQUAL(by_path.st_ino, by_handle_stat.st_ino);
  EQUAL(by_path.st_dev, by_handle_stat.st_dev);
  EQUAL(by_path.st_nlink, by_handle_stat.st_nlink);
  EQUAL(by_path.st_mode, by_handle_stat.st_mode);
  close(fd);
}

static void expect_stale(struct handle *handle) {
  FAILS(ESTALE, by_handle(handle, O_RDONLY));
}

TEST(handle_of_a_lower_file_stays_through_copy_up_and_rename) {
  struct handle handle = handle_of(lower("small"));
  forget();
  expect_behind(&handle, "lower\n");
  write_file(lower("small"), "changed");
  expect_behind(&handle, "changed");
  forget();
  expect_behind(&handle, "changed");
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(rename(lower("small"), "dir/moved") == 0);
  forget();
  expect_behind(&handle, "changed");
  expect_same(&handle, "dir/moved");
  struct handle again = handle_of("dir/moved");
  CHECK(!memcmp(handle.bytes, again.bytes, handle.head.handle_bytes));
}

TEST(handle_writes_to_a_lower_file) {
  struct handle handle = handle_of(lower("dir/1"));
  forget();
  int fd = by_handle(&handle, O_WRONLY | O_APPEND);
  CHECK(fd >= 0);
  CHECK(write(fd, "more", 4) == 4);
  close(fd);
  expect_file(lower("dir/1"), "1\nmore");
}

TEST(handles_of_all_kinds_of_files) {
  const char *names[] = {"small", "link", "fifo", "hard1", "dir", "dir/sub", "dir/sub/deep"};
  enum { COUNT = sizeof names / sizeof *names };
  struct handle handles[COUNT];
  for (int i = 0; i < COUNT; i++) handles[i] = handle_of(lower(names[i]));
  forget();
  for (int i = 0; i < COUNT; i++) expect_same(&handles[i], lower(names[i]));
  for (int i = 0; i < COUNT; i++)
    CHECK(fchmodat(AT_FDCWD, lower(names[i]), 0700, AT_SYMLINK_NOFOLLOW) == 0 || i == 1);
  CHECK(lchown(lower("link"), 1, 1) == 0);
  forget();
  for (int i = 0; i < COUNT; i++) expect_same(&handles[i], lower(names[i]));
}

TEST(handle_of_a_moved_lower_directory_leads_to_what_is_in_it) {
  struct handle file = handle_of(lower("dir/sub/deep"));
  struct handle directory = handle_of(lower("dir/sub"));
  CHECK(rename(lower("dir"), "moved") == 0);
  forget();
  expect_behind(&file, "deep\n");
  expect_same(&directory, "moved/sub");
  int fd = by_handle(&directory, O_RDONLY | O_DIRECTORY);
  CHECK(fd >= 0 && fchdir(fd) == 0);
  CHECK(exists("deep") && exists("../20") && exists("../../moved"));
}

TEST(handle_is_stale_after_the_last_name_went) {
  struct handle lower_file = handle_of(lower("small")), big = handle_of(lower("big"));
  struct handle directory = handle_of(lower("dir/sub")), below = handle_of(lower("dir/sub/deep"));
  write_file("new", "new");
  struct handle new = handle_of("new");
  CHECK(chmod(lower("big"), 0600) == 0);
  forget();
  CHECK(unlink(lower("small")) == 0 && unlink(lower("big")) == 0 && unlink("new") == 0);
  CHECK(unlink(lower("dir/sub/deep")) == 0 && rmdir(lower("dir/sub")) == 0);
  for (int round = 0; round < 2; round++) {
    expect_stale(&lower_file);
    expect_stale(&big);
    expect_stale(&new);
    expect_stale(&directory);
    expect_stale(&below);
    forget();
  }
}

TEST(handle_of_an_open_file_without_name_works) {
  write_file("new", "new");
  struct handle new = handle_of("new"), below = handle_of(lower("small"));
  int first = open_or_fail("new", O_RDONLY, 0), second = open_or_fail(lower("small"), O_RDONLY, 0);
  CHECK(unlink("new") == 0 && unlink(lower("small")) == 0);
  forget();
  expect_behind(&new, "new");
  expect_behind(&below, "lower\n");
  close(first);
  close(second);
  sleep_millis(50);
  expect_stale(&new);
  expect_stale(&below);
}

TEST(handle_of_a_hard_link_is_good_while_there_is_a_name) {
  struct handle handle = handle_of(lower("hard1"));
  struct handle other = handle_of(lower("hard2"));
  CHECK(!memcmp(handle.bytes, other.bytes, handle.head.handle_bytes));
  CHECK(link(lower("hard1"), "third") == 0);
  forget();
  CHECK(unlink(lower("hard1")) == 0);
  forget();
  expect_behind(&handle, "hard\n");
  CHECK(unlink("third") == 0);
  forget();
  expect_behind(&handle, "hard\n");
  expect_same(&handle, lower("hard2"));
  CHECK(rename(lower("hard2"), "last") == 0);
  forget();
  expect_same(&handle, "last");
  CHECK(unlink("last") == 0);
  expect_stale(&handle);
}

TEST(handle_is_not_good_for_who_takes_the_inode_number) {
  enum { COUNT = 64 };
  struct handle handles[COUNT];
  char name[32];
  for (int i = 0; i < COUNT; i++) {
    snprintf(name, sizeof name, "old%d", i);
    write_file(name, "old");
    handles[i] = handle_of(name);
  }
  for (int i = 0; i < COUNT; i++) {
    snprintf(name, sizeof name, "old%d", i);
    CHECK(unlink(name) == 0);
    snprintf(name, sizeof name, "new%d", i);
    write_file(name, "new");
  }
  for (int i = 0; i < COUNT; i++) expect_stale(&handles[i]);
  forget();
  for (int i = 0; i < COUNT; i++) expect_stale(&handles[i]);
}

TEST(handles_of_files_that_are_made_and_moved_while_handles_are_used) {
  enum { COUNT = 300 };
  static struct handle handles[COUNT];
  char name[32], moved[32];
  CHECK(mkdir("a", 0755) == 0 && mkdir("b", 0755) == 0);
  for (int i = 0; i < COUNT; i++) {
    snprintf(name, sizeof name, "a/%d", i);
    write_file(name, name);
    handles[i] = handle_of(name);
    if (i % 100 == 50) forget();
    snprintf(moved, sizeof moved, "b/%d", i);
    if (i % 3 == 0) CHECK(rename(name, moved) == 0);
    if (i % 3 == 1) CHECK(link(name, moved) == 0 && unlink(name) == 0);
  }
  CHECK(rename("b", "a/b") == 0);
  forget();
  for (int i = 0; i < COUNT; i++) {
    snprintf(name, sizeof name, "a/%d", i);
    expect_behind(&handles[i], name);
    snprintf(moved, sizeof moved, "a/b/%d", i);
    expect_same(&handles[i], i % 3 == 2 ? name : moved);
  }
}
