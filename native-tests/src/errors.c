/* Which error each call gives, as POSIX and the manual pages have them. */
#include "check.h"

#include <sys/mman.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

static char too_long[300];

static const char *long_name(void) {
  memset(too_long, 'n', sizeof too_long);
  too_long[256] = 0;
  return too_long;
}

static const char *long_path(void) {
  static char path[PATH_MAX + 10];
  for (int i = 0; i < PATH_MAX; i += 2)
    memcpy(path + i, "./", 2);
  path[PATH_MAX] = 0;
  return path;
}

/* Every call that takes one path. */
#define EVERY_CALL(error, path)                                                                    \
  do {                                                                                             \
    struct stat attributes_;                                                                       \
    struct statvfs numbers_;                                                                       \
    char bytes_[16];                                                                               \
    FAILS(error, open(path, O_RDONLY));                                                            \
    FAILS(error, open(path, O_RDWR | O_CREAT, 0644));                                              \
    FAILS(error, stat(path, &attributes_));                                                        \
    FAILS(error, lstat(path, &attributes_));                                                       \
    FAILS(error, access(path, F_OK));                                                              \
    FAILS(error, chmod(path, 0644));                                                               \
    FAILS(error, chown(path, (uid_t)-1, (gid_t)-1));                                               \
    FAILS(error, lchown(path, (uid_t)-1, (gid_t)-1));                                              \
    FAILS(error, truncate(path, 0));                                                               \
    FAILS(error, utimensat(AT_FDCWD, path, NULL, 0));                                              \
    FAILS(error, mkdir(path, 0755));                                                               \
    FAILS(error, mkfifo(path, 0644));                                                              \
    FAILS(error, mknod(path, S_IFREG | 0644, 0));                                                  \
    FAILS(error, symlink("target", path));                                                         \
    FAILS(error, link("file", path));                                                              \
    FAILS(error, link(path, "new"));                                                               \
    FAILS(error, rename("file", path));                                                            \
    FAILS(error, rename(path, "new"));                                                             \
    FAILS(error, unlink(path));                                                                    \
    FAILS(error, rmdir(path));                                                                     \
    FAILS(error, chdir(path));                                                                     \
    FAILS(error, readlink(path, bytes_, sizeof bytes_));                                           \
    FAILS(error, statvfs(path, &numbers_));                                                        \
    FAILS(error, getxattr(path, "user.x", bytes_, sizeof bytes_));                                 \
    FAILS(error, setxattr(path, "user.x", "x", 1, 0));                                             \
    FAILS(error, listxattr(path, bytes_, sizeof bytes_));                                          \
    FAILS(error, removexattr(path, "user.x"));                                                     \
  } while (0)

TEST(enotdir_where_a_file_is_no_directory) {
  write_file("file", "x");
  EVERY_CALL(ENOTDIR, "file/below");
  const char *below = lower("small/below");
  EVERY_CALL(ENOTDIR, below);
  FAILS(ENOTDIR, rmdir("file"));
  FAILS(ENOTDIR, rmdir(lower("small")));
  FAILS(ENOTDIR, chdir("file"));
  FAILS(ENOTDIR, open("file", O_RDONLY | O_DIRECTORY));
}

TEST(enametoolong_for_names) {
  write_file("file", "x");
  EVERY_CALL(ENAMETOOLONG, long_name());
  char below[1000];
  snprintf(below, sizeof below, "%s/%s", lower("dir"), long_name());
  EVERY_CALL(ENAMETOOLONG, below);
}

TEST(enametoolong_for_paths) {
  write_file("file", "x");
  EVERY_CALL(ENAMETOOLONG, long_path());
}

TEST(eloop_for_links_in_a_circle) {
  write_file("file", "x");
  CHECK(symlink("one", "two") == 0 && symlink("two", "one") == 0);
  EVERY_CALL(ELOOP, "one/below");
  struct stat attributes;
  FAILS(ELOOP, stat("one", &attributes));
  FAILS(ELOOP, open("one", O_RDONLY));
  FAILS(ELOOP, open("one", O_RDONLY | O_NOFOLLOW));
  FAILS(ELOOP, truncate("two", 0));
  FAILS(ELOOP, chdir("two"));
}

TEST(efault_for_bad_addresses) {
  char *bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(bad != MAP_FAILED);
  struct stat attributes;
  char bytes[16];
  FAILS(EFAULT, open(bad, O_RDONLY));
  FAILS(EFAULT, stat(bad, &attributes));
  FAILS(EFAULT, mkdir(bad, 0755));
  FAILS(EFAULT, unlink(bad));
  FAILS(EFAULT, rename(bad, "x"));
  FAILS(EFAULT, readlink(bad, bytes, sizeof bytes));
  write_file("file", "content");
  int fd = open_or_fail("file", O_RDWR, 0);
  FAILS(EFAULT, read(fd, bad, 4));
  FAILS(EFAULT, write(fd, bad, 4));
  int below = open_or_fail(lower("small"), O_RDONLY, 0);
  FAILS(EFAULT, read(below, bad, 4));
  expect_file("file", "content");
}

static void check_missing(const char *missing, const char *parent) {
  struct stat attributes;
  FAILS(ENOENT, stat(missing, &attributes));
  FAILS(ENOENT, open(missing, O_RDWR));
  FAILS(ENOENT, unlink(missing));
  FAILS(ENOENT, rmdir(missing));
  FAILS(ENOENT, rename(missing, "new"));
  FAILS(ENOENT, link(missing, "new"));
  FAILS(ENOENT, chmod(missing, 0644));
  FAILS(ENOENT, truncate(missing, 0));
  FAILS(ENOENT, open(parent, O_RDWR | O_CREAT, 0644));
  FAILS(ENOENT, mkdir(parent, 0755));
  FAILS(ENOENT, symlink("x", parent));
  FAILS(ENOENT, rename("file", parent));
  FAILS(ENOENT, open("", O_RDONLY));
  FAILS(ENOENT, mkdir("", 0755));
}

TEST(enoent_for_what_is_not_there) {
  write_file("file", "x");
  check_missing("missing", "missing/below");
  check_missing(lower("missing"), lower("missing/below"));
  CHECK(unlink(lower("small")) == 0);
  check_missing(lower("small"), lower("missing/below"));
}

TEST(eexist_for_what_is_there) {
  write_file("file", "x");
  const char *names[] = {"file", lower("small"), lower("dir"), lower("link"), lower("fifo"), "."};
  for (int i = 0; i < 6; i++) {
    FAILS(EEXIST, mkdir(names[i], 0755));
    FAILS(EEXIST, symlink("x", names[i]));
    FAILS(EEXIST, mkfifo(names[i], 0644));
    FAILS(EEXIST, mknod(names[i], S_IFREG | 0644, 0));
    FAILS(EEXIST, link("file", names[i]));
    FAILS(EEXIST, open(names[i], O_RDWR | O_CREAT | O_EXCL, 0644));
  }
  CHECK(symlink("missing", "dangling") == 0);
  FAILS(EEXIST, open("dangling", O_RDWR | O_CREAT | O_EXCL, 0644));
  FAILS(EEXIST, mkdir("dangling", 0755));
}

TEST(errors_of_removal) {
  CHECK(mkdir("dir", 0755) == 0);
  write_file("dir/file", "x");
  FAILS(ENOTEMPTY, rmdir("dir"));
  FAILS(ENOTEMPTY, rmdir(lower("dir")));
  FAILS(ENOTEMPTY, rename(lower("dir/sub"), lower("dir")));
  FAILS(EINVAL, rmdir("dir/."));
  FAILS(ENOTEMPTY, rmdir("dir/.."));
  FAILS(EISDIR, unlink("dir"));
  FAILS(EISDIR, unlink(lower("dir")));
}

TEST(errors_of_rename) {
  CHECK(mkdir("dir", 0755) == 0 && mkdir("dir/below", 0755) == 0);
  write_file("file", "x");
  FAILS(EINVAL, rename("dir", "dir/below/inside"));
  FAILS(EINVAL, rename(lower("dir"), lower("dir/sub/inside")));
  FAILS(ENOTEMPTY, rename("dir/below", "dir"));
  FAILS(EISDIR, rename("file", "dir"));
  FAILS(ENOTDIR, rename("dir", "file"));
  FAILS(EISDIR, rename("file", lower("dir")));
  FAILS(ENOTDIR, rename(lower("dir"), "file"));
  FAILS(ENOTEMPTY, rename(lower("dir"), "dir"));
  FAILS(EBUSY, rename("dir/.", "new"));
  FAILS(EBUSY, rename("file", "dir/.."));
}

TEST(errors_of_link) {
  CHECK(mkdir("dir", 0755) == 0);
  FAILS(EPERM, link("dir", "new"));
  FAILS(EPERM, link(lower("dir"), "new"));
  FAILS(EXDEV, link("/proc/self/status", "new"));
  CHECK(link(lower("link"), "link") == 0); /* the link itself */
  CHECK(S_ISLNK(stat_of("link").st_mode));
}

TEST(errors_of_open_and_truncate) {
  CHECK(mkdir("dir", 0755) == 0 && symlink("dir", "link") == 0 && mkfifo("fifo", 0644) == 0);
  FAILS(EISDIR, open("dir", O_WRONLY));
  FAILS(EISDIR, open("dir", O_RDONLY | O_TRUNC));
  FAILS(EISDIR, open("dir", O_RDONLY | O_CREAT, 0644));
  FAILS(EISDIR, truncate("dir", 0));
  FAILS(EISDIR, truncate(lower("dir"), 0));
  FAILS(ENXIO, open("fifo", O_WRONLY | O_NONBLOCK));
  FAILS(ENXIO, open(lower("fifo"), O_WRONLY | O_NONBLOCK));
  FAILS(ELOOP, open("link", O_RDONLY | O_NOFOLLOW));
  FAILS(ENOTDIR, open("link", O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
  FAILS(EINVAL, truncate("fifo", 0));
  write_file("file", "x");
  FAILS(EINVAL, truncate("file", -1));
  FAILS(EINVAL, truncate(lower("small"), -1));
  FAILS(EISDIR, open("new/", O_RDWR | O_CREAT, 0644));
  FAILS(ENOTDIR, open("file/", O_RDONLY));
  CHECK(mkdir("slash/", 0755) == 0);
  CHECK(rmdir("slash/") == 0);
}

TEST(errors_of_descriptors) {
  write_file("file", "content");
  int reading = open_or_fail("file", O_RDONLY, 0), dir = open_or_fail(".", O_RDONLY, 0);
  char bytes[16];
  FAILS(EINVAL, ftruncate(reading, 0));
  FAILS(EISDIR, read(dir, bytes, sizeof bytes));
  FAILS(EBADF, write(reading, "x", 1));
  FAILS(EBADF, fallocate(reading, 0, 0, 10));
  FAILS(EINVAL, lseek(reading, -1, SEEK_SET));
  FAILS(EINVAL, pread(reading, bytes, 1, -1));
  int writing = open_or_fail("file", O_WRONLY, 0);
  FAILS(EINVAL, fallocate(writing, 0, 0, 0));
  FAILS(EINVAL, fallocate(writing, 0, -1, 10));
  FAILS(EFBIG, pwrite(writing, "x", 1, LLONG_MAX - 1));
}

TEST(readlink_and_its_buffer) {
  CHECK(symlink("0123456789", "link") == 0);
  char bytes[16];
  EQUAL(4, readlink("link", bytes, 4));
  EQUAL(10, readlink("link", bytes, sizeof bytes));
  EQUAL(10, stat_of("link").st_size);
  EQUAL(0777, stat_of("link").st_mode & 07777);
  write_file("file", "x");
  FAILS(EINVAL, readlink("file", bytes, sizeof bytes));
  FAILS(EINVAL, readlink(lower("small"), bytes, sizeof bytes));
  FAILS(ENOENT, symlink("", "empty"));
}

TEST(o_noatime_is_for_owners) {
  needs_root();
  write_file("file", "x");
  CHECK(chmod("file", 0666) == 0);
  close(open_or_fail("file", O_RDONLY | O_NOATIME, 0));
  IN_CHILD(NOBODY, FAILS(EPERM, open("file", O_RDONLY | O_NOATIME)));
}

TEST(o_noatime_keeps_the_time_of_access) {
  struct timespec times[2] = {{1, 2}, {3, 4}};
  CHECK(utimensat(AT_FDCWD, lower("small"), times, 0) == 0);
  int fd = open_or_fail(lower("small"), O_RDONLY | O_NOATIME, 0);
  char byte;
  CHECK(pread(fd, &byte, 1, 0) == 1);
  close(fd);
  EQUAL(1, stat_of(lower("small")).st_atim.tv_sec);
}

TEST(times_are_set_by_owners_and_writers) {
  needs_root();
  write_file("file", "x");
  struct timespec times[2] = {{1, 2}, {3, 4}};
  struct timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  IN_CHILD(NOBODY, {
    FAILS(EPERM, utimensat(AT_FDCWD, "file", times, 0));
    FAILS(EACCES, utimensat(AT_FDCWD, "file", NULL, 0));
    FAILS(EACCES, utimensat(AT_FDCWD, lower("small"), now, 0));
  });
  CHECK(chmod("file", 0666) == 0);
  IN_CHILD(NOBODY, {
    FAILS(EPERM, utimensat(AT_FDCWD, "file", times, 0));
    CHECK(utimensat(AT_FDCWD, "file", NULL, 0) == 0);
    CHECK(utimensat(AT_FDCWD, "file", now, 0) == 0);
    times[0].tv_nsec = UTIME_NOW;
    FAILS(EPERM, utimensat(AT_FDCWD, "file", times, 0));
  });
  times[0].tv_nsec = 1000000000;
  FAILS(EINVAL, utimensat(AT_FDCWD, "file", times, 0));
}

/* What others may do to names in a sticky directory: rights of the file's and directory's owners. */
TEST(sticky_directories_by_owners) {
  needs_root();
  CHECK(chmod(".", 0777) == 0);
  CHECK(mkdir("theirs", 0755) == 0 && chown("theirs", NOBODY, NOBODY) == 0);
  CHECK(chmod("theirs", 01777) == 0);
  write_file("theirs/file", "x");
  CHECK(mkdir("theirs/dir", 0777) == 0);
  CHECK(mkdir("roots", 0755) == 0 && chmod("roots", 01777) == 0);
  write_file("roots/file", "x");
  CHECK(mkdir("roots/dir", 0777) == 0);
  IN_CHILD(NOBODY, {
    CHECK(unlink("theirs/file") == 0); /* the directory's owner */
    CHECK(rmdir("theirs/dir") == 0);
    FAILS(EPERM, unlink("roots/file"));
    FAILS(EPERM, rmdir("roots/dir"));
    FAILS(EPERM, rename("roots/file", "moved"));
    FAILS(EPERM, rename("roots/dir", "moved"));
  });
}

TEST(moving_a_directory_needs_the_right_to_write_it) {
  needs_root();
  CHECK(chmod(".", 0777) == 0);
  CHECK(mkdir("from", 0777) == 0 && mkdir("to", 0777) == 0);
  CHECK(chmod("from", 0777) == 0 && chmod("to", 0777) == 0);
  CHECK(mkdir("from/dir", 0755) == 0);
  IN_CHILD(NOBODY, {
    FAILS(EACCES, rename("from/dir", "to/dir")); /* its ".." would change */
    CHECK(rename("from/dir", "from/same") == 0);
  });
}

TEST(xattr_errors_of_users) {
  needs_root();
  write_file("file", "x");
  CHECK(mkdir("sticky", 0755) == 0 && chmod("sticky", 01777) == 0);
  char bytes[16];
  IN_CHILD(NOBODY, {
    FAILS(EACCES, setxattr("file", "user.x", "x", 1, 0));
    FAILS(EPERM, setxattr("file", "security.test", "x", 1, 0));
    FAILS(EPERM, setxattr("sticky", "user.x", "x", 1, 0)); /* of another's */
  });
  CHECK(setxattr("file", "security.test", "x", 1, 0) == 0);
  CHECK(chmod("file", 0600) == 0);
  IN_CHILD(NOBODY, {
    FAILS(EACCES, getxattr("file", "user.x", bytes, sizeof bytes));
    EQUAL(1, getxattr("file", "security.test", bytes, sizeof bytes));
  });
}

TEST(the_format_s_own_xattrs_are_refused) {
  needs_root();
  write_file("file", "x");
  char bytes[16];
  const char *names[] = {"trusted.overlay.opaque", "trusted.overlay.redirect",
                         "user.overlay.whiteout"};
  for (int i = 0; i < 3; i++) {
    if (setxattr("file", names[i], "y", 1, 0) != 0) {
      FAILS(ENODATA, getxattr("file", names[i], bytes, sizeof bytes));
      continue;
    }
    /* Or kept apart from those in use, so that an overlay may lie on the mount. */
    EQUAL(1, getxattr("file", names[i], bytes, sizeof bytes));
    CHECK(removexattr("file", names[i]) == 0);
  }
  CHECK(exists("file"));
  expect_file("file", "x");
}
