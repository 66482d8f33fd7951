/* ioctl(2) on files of the mount: inode flags, and refusals that programs understand. */
#include "check.h"

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

static int flags_of(const char *path) {
  int fd = open_or_fail(path, O_RDONLY | O_NONBLOCK, 0), flags = -1;
  if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0) {
    if (errno == ENOTTY || errno == EOPNOTSUPP)
      skip("the file system below has no inode flags");
    fail(__FILE__, __LINE__, "FS_IOC_GETFLAGS of %s: %s", path, strerror(errno));
  }
  close(fd);
  return flags;
}

static int set_flags(const char *path, int flags) {
  int fd = open_or_fail(path, O_RDONLY | O_NONBLOCK, 0);
  int result = ioctl(fd, FS_IOC_SETFLAGS, &flags);
  int error = errno;
  close(fd);
  errno = error;
  return result;
}

TEST(flags_are_read_and_set) {
  write_file("file", "x");
  int before = flags_of("file");
  CHECK(set_flags("file", before | FS_NODUMP_FL | FS_NOATIME_FL) == 0);
  EQUAL(before | FS_NODUMP_FL | FS_NOATIME_FL, flags_of("file"));
  CHECK(set_flags("file", before) == 0);
  EQUAL(before, flags_of("file"));
}

TEST(flags_of_directories) {
  CHECK(mkdir("dir", 0755) == 0);
  int before = flags_of("dir");
  CHECK(set_flags("dir", before | FS_NODUMP_FL) == 0);
  EQUAL(before | FS_NODUMP_FL, flags_of("dir"));
  write_file("dir/file", "x");
}

TEST(flags_of_a_lower_file_are_set_in_the_upper) {
  flags_of(lower("small"));
  int before = flags_of(lower("small"));
  CHECK((before & FS_NODUMP_FL) == 0);
  CHECK(set_flags(lower("small"), before | FS_NODUMP_FL) == 0);
  CHECK(flags_of(lower("small")) & FS_NODUMP_FL);
  expect_file(lower("small"), "lower\n");
}

TEST(an_immutable_file_does_not_change) {
  needs_root();
  write_file("file", "content");
  int before = flags_of("file");
  CHECK(set_flags("file", before | FS_IMMUTABLE_FL) == 0);
  int refused = open("file", O_WRONLY) == -1;
  int removed = unlink("file") == 0;
  int moved = !removed && rename("file", "moved") == 0;
  int changed = !moved && chmod("file", 0600) == 0;
  if (!removed && !moved)
    CHECK(set_flags("file", before) == 0);
  CHECK(refused && !removed && !moved && !changed);
  expect_file("file", "content");
  CHECK(unlink("file") == 0);
}

TEST(an_append_only_file_only_grows) {
  needs_root();
  write_file("file", "content");
  int before = flags_of("file");
  CHECK(set_flags("file", before | FS_APPEND_FL) == 0);
  int refused = open("file", O_WRONLY) == -1;
  int cut = truncate("file", 0) == 0;
  int fd = open("file", O_WRONLY | O_APPEND);
  ssize_t written = fd < 0 ? -1 : write(fd, " more", 5);
  CHECK(set_flags("file", before) == 0);
  CHECK(refused && !cut && written == 5);
  expect_file("file", "content more");
}

TEST(flags_need_the_owner) {
  needs_root();
  write_file("file", "x");
  CHECK(chmod("file", 0666) == 0);
  int before = flags_of("file");
  IN_CHILD(NOBODY, {
    CHECK(flags_of("file") == before);
    FAILS(EPERM, set_flags("file", before | FS_NODUMP_FL)); /* not the owner */
  });
  CHECK(chmod(".", 0777) == 0);
  IN_CHILD(NOBODY, {
    write_file("own", "x");
    int own = flags_of("own");
    CHECK(set_flags("own", own | FS_NODUMP_FL) == 0);
    FAILS(EPERM, set_flags("own", own | FS_IMMUTABLE_FL)); /* no CAP_LINUX_IMMUTABLE */
  });
}

TEST(setting_flags_sets_the_time_of_change) {
  write_file("file", "x");
  int before = flags_of("file");
  struct timespec old = stat_of("file").st_ctim;
  sleep_millis(20);
  CHECK(set_flags("file", before | FS_NODUMP_FL) == 0);
  struct timespec new = stat_of("file").st_ctim;
  CHECK(new.tv_sec > old.tv_sec || new.tv_nsec > old.tv_nsec);
}

TEST(extended_flags_are_read_and_set) {
  write_file("file", "x");
  int fd = open_or_fail("file", O_RDONLY, 0);
  flags_of("file");
  struct fsxattr attributes;
  memset(&attributes, 0, sizeof attributes);
  CHECK(ioctl(fd, FS_IOC_FSGETXATTR, &attributes) == 0);
  attributes.fsx_xflags |= FS_XFLAG_NODUMP;
  CHECK(ioctl(fd, FS_IOC_FSSETXATTR, &attributes) == 0);
  memset(&attributes, 0, sizeof attributes);
  CHECK(ioctl(fd, FS_IOC_FSGETXATTR, &attributes) == 0);
  CHECK(attributes.fsx_xflags & FS_XFLAG_NODUMP);
  CHECK(flags_of("file") & FS_NODUMP_FL);
}

/* A file system need not tell of extents, but says so by one of these. */
static void fails_cleanly_or_works(int fd) {
  char bytes[sizeof(struct fiemap) + 4 * sizeof(struct fiemap_extent)];
  memset(bytes, 0, sizeof bytes);
  struct fiemap *map = (struct fiemap *)bytes;
  map->fm_length = FIEMAP_MAX_OFFSET;
  map->fm_extent_count = 4;
  int result = ioctl(fd, FS_IOC_FIEMAP, map), error = errno;
  CHECK(result == 0 || error == EOPNOTSUPP || error == ENOTTY);
}

TEST(fiemap_fails_cleanly) {
  write_file("file", "x");
  fails_cleanly_or_works(open_or_fail("file", O_RDONLY, 0));
  fails_cleanly_or_works(open_or_fail(lower("big"), O_RDONLY, 0));
  expect_file("file", "x");
}

TEST(unknown_ioctls_are_refused) {
  write_file("file", "x");
  int fd = open_or_fail("file", O_RDWR, 0), dir = open_or_fail(".", O_RDONLY, 0);
  char bytes[4096];
  memset(bytes, 0, sizeof bytes);
  FAILS(ENOTTY, ioctl(fd, _IOR('Z', 77, int), bytes));
  FAILS(ENOTTY, ioctl(dir, _IOR('Z', 77, int), bytes));
  FAILS(ENOTTY, ioctl(fd, _IOWR('Z', 78, char[4000]), bytes));
  FAILS(ENOTTY, ioctl(open_or_fail(lower("small"), O_RDONLY, 0), _IO('Z', 79)));
  FAILS(ENOTTY, ioctl(fd, 0x5401 /* TCGETS */, bytes));
  EQUAL(0, isatty(fd));
}

TEST(fionread_counts_to_the_end) {
  write_file("file", "0123456789");
  int fd = open_or_fail("file", O_RDONLY, 0), left = -1;
  CHECK(lseek(fd, 4, SEEK_SET) == 4);
  CHECK(ioctl(fd, FIONREAD, &left) == 0);
  EQUAL(6, left);
}

TEST(clones_work_or_are_refused) {
  write_file("from", "content");
  int from = open_or_fail("from", O_RDONLY, 0), to = open_or_fail("to", O_RDWR | O_CREAT, 0644);
  int result = ioctl(to, FICLONE, from), error = errno;
  if (result == 0)
    expect_file("to", "content");
  else
    CHECK(error == EOPNOTSUPP || error == EINVAL || error == EXDEV);
}
