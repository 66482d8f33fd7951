/* Special files, umask, setgid and sticky directories, permissions of others. */
#include "check.h"

#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

TEST(fifo_carries_bytes) {
  CHECK(mkfifo("fifo", 0644) == 0);
  CHECK(S_ISFIFO(stat_of("fifo").st_mode));
  pid_t child = begin_child(0);
  if (child == 0) {
    int out = open_or_fail("fifo", O_WRONLY, 0);
    CHECK(write(out, "through", 7) == 7);
    _exit(0);
  }
  int in = open_or_fail("fifo", O_RDONLY, 0);
  char bytes[8];
  CHECK(read(in, bytes, 7) == 7);
  CHECK(memcmp(bytes, "through", 7) == 0);
  end_child(child);
}

TEST(fifo_of_the_lower_layer) {
  CHECK(S_ISFIFO(stat_of(lower("fifo")).st_mode));
  int fd = open_or_fail(lower("fifo"), O_RDWR | O_NONBLOCK, 0);
  char byte;
  CHECK(write(fd, "x", 1) == 1 && read(fd, &byte, 1) == 1);
}

TEST(socket_is_bound_and_connected) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
  int server = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
  CHECK(bind(server, (struct sockaddr *)&address, sizeof address) == 0);
  CHECK(S_ISSOCK(stat_of("socket").st_mode));
  CHECK(listen(server, 1) == 0);
  CHECK(connect(client, (struct sockaddr *)&address, sizeof address) == 0);
  CHECK(mknod("made", S_IFSOCK | 0600, 0) == 0);
  CHECK(S_ISSOCK(stat_of("made").st_mode));
}

TEST(devices_work) {
  needs_root();
  CHECK(mknod("null", S_IFCHR | 0666, makedev(1, 3)) == 0);
  struct stat attributes = stat_of("null");
  CHECK(S_ISCHR(attributes.st_mode));
  EQUAL(makedev(1, 3), attributes.st_rdev);
  int fd = open_or_fail("null", O_RDWR, 0);
  char byte;
  CHECK(write(fd, "x", 1) == 1);
  EQUAL(0, read(fd, &byte, 1));
  CHECK(mknod("block", S_IFBLK | 0600, makedev(259, 70000)) == 0);
  attributes = stat_of("block");
  CHECK(S_ISBLK(attributes.st_mode));
  EQUAL(259, major(attributes.st_rdev));
  EQUAL(70000, minor(attributes.st_rdev));
  CHECK(unlink("null") == 0 && unlink("block") == 0);
}

TEST(devices_need_privilege) {
  needs_root();
  CHECK(chmod(".", 0777) == 0);
  IN_CHILD(NOBODY, FAILS(EPERM, mknod("null", S_IFCHR | 0666, makedev(1, 3))));
}

static void expect_device_0_0(const char *path) {
  struct stat attributes = stat_of(path);
  CHECK(S_ISCHR(attributes.st_mode));
  EQUAL(0, attributes.st_rdev);
}

TEST(device_0_0_never_becomes_a_whiteout) {
  needs_root();
  CHECK(mknod("whiteout", S_IFCHR | 0644, makedev(0, 0)) == 0);
  expect_device_0_0("whiteout");
  EQUAL(0644, stat_of("whiteout").st_mode & 07777);
  CHECK(unlink(lower("small")) == 0);
  CHECK(mknod(lower("small"), S_IFCHR | 0600, makedev(0, 0)) == 0);
  expect_device_0_0(lower("small"));
  CHECK(rename(lower("small"), lower("dir/1")) == 0 && link(lower("dir/1"), "other") == 0);
  expect_device_0_0(lower("dir/1"));
  expect_device_0_0("other");
  CHECK(unlink(lower("dir/1")) == 0 && unlink("other") == 0);
  CHECK(!exists(lower("dir/1")) && !exists(lower("small")));
}

TEST(umask_applies_to_everything_made) {
  umask(027);
  close(open_or_fail("file", O_WRONLY | O_CREAT, 0666));
  CHECK(mkdir("dir", 0777) == 0);
  CHECK(mkfifo("fifo", 0666) == 0);
  CHECK(mknod("node", S_IFREG | 0666, 0) == 0);
  CHECK(mknod("socket", S_IFSOCK | 0777, 0) == 0);
  EQUAL(0640, stat_of("file").st_mode & 07777);
  EQUAL(0750, stat_of("dir").st_mode & 07777);
  EQUAL(0640, stat_of("fifo").st_mode & 07777);
  EQUAL(0640, stat_of("node").st_mode & 07777);
  EQUAL(0750, stat_of("socket").st_mode & 07777);
}

TEST(owners_are_those_of_the_caller) {
  needs_root();
  CHECK(chmod(".", 0777) == 0);
  IN_CHILD(NOBODY, {
    write_file("file", "x");
    CHECK(mkdir("dir", 0755) == 0);
    CHECK(symlink("x", "link") == 0);
    CHECK(mkfifo("fifo", 0644) == 0);
  });
  const char *names[] = {"file", "dir", "link", "fifo"};
  for (int i = 0; i < 4; i++) {
    EQUAL(NOBODY, stat_of(names[i]).st_uid);
    EQUAL(NOBODY, stat_of(names[i]).st_gid);
  }
}

TEST(setgid_directories_pass_their_group_on) {
  needs_root();
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(chown("dir", 0, 1234) == 0);
  CHECK(chmod("dir", 02777) == 0);
  write_file("dir/file", "x");
  CHECK(mkdir("dir/sub", 0755) == 0);
  CHECK(symlink("x", "dir/link") == 0);
  CHECK(mkfifo("dir/fifo", 0644) == 0);
  EQUAL(1234, stat_of("dir/file").st_gid);
  EQUAL(1234, stat_of("dir/sub").st_gid);
  EQUAL(1234, stat_of("dir/link").st_gid);
  EQUAL(1234, stat_of("dir/fifo").st_gid);
  EQUAL(02755, stat_of("dir/sub").st_mode & 07777);
  EQUAL(0644, stat_of("dir/file").st_mode & 07777);
  IN_CHILD(NOBODY, {
    write_file("dir/other", "x");
    EQUAL(NOBODY, stat_of("dir/other").st_uid);
    EQUAL(1234, stat_of("dir/other").st_gid);
  });
}

TEST(sticky_directories_protect_names) {
  needs_root();
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(chmod("dir", 01777) == 0);
  write_file("dir/mine", "x");
  IN_CHILD(NOBODY, {
    FAILS(EPERM, unlink("dir/mine"));
    FAILS(EPERM, rename("dir/mine", "dir/yours"));
    write_file("dir/own", "x");
    FAILS(EPERM, rename("dir/own", "dir/mine"));
    CHECK(unlink("dir/own") == 0);
  });
}

TEST(permissions_of_others) {
  needs_root();
  write_file("private", "x");
  CHECK(chmod("private", 0600) == 0);
  write_file("readable", "x");
  CHECK(mkdir("closed", 0700) == 0);
  write_file("closed/file", "x");
  IN_CHILD(NOBODY, {
    FAILS(EACCES, open("private", O_RDONLY));
    FAILS(EACCES, open("readable", O_RDWR));
    expect_file("readable", "x");
    FAILS(EACCES, access("closed/file", F_OK));
    FAILS(EACCES, open("closed/file", O_RDONLY));
    FAILS(EACCES, unlink("readable"));
    FAILS(EACCES, open("new", O_RDWR | O_CREAT, 0644));
    FAILS(EPERM, chmod("readable", 0777));
    FAILS(EPERM, chown("readable", NOBODY, NOBODY));
    FAILS(EACCES, truncate("readable", 0));
    expect_file(lower("small"), "lower\n");
    FAILS(EACCES, open(lower("small"), O_RDWR));
    FAILS(EACCES, unlink(lower("small")));
  });
}

TEST(a_user_changes_lower_files_of_his_own) {
  needs_root();
  IN_CHILD(NOBODY, {
    int fd = open_or_fail(lower("others"), O_RDWR, 0);
    CHECK(pwrite(fd, "CHANGED", 7, 0) == 7);
    CHECK(fchmod(fd, 0666) == 0);
  });
  struct stat attributes = stat_of(lower("others"));
  EQUAL(NOBODY, attributes.st_uid);
  EQUAL(0666, attributes.st_mode & 07777);
  expect_file(lower("others"), "CHANGED");
}

/* Root may anything; for who serves a mount of his own, these are the hard ones. */
TEST(modes_that_shut_their_owner_out) {
  CHECK(mkdir("shut", 0) == 0);
  EQUAL(0, stat_of("shut").st_mode & 07777);
  CHECK(rmdir("shut") == 0);
  CHECK(chmod(lower("dir/sub"), 0) == 0);
  EQUAL(0, stat_of(lower("dir/sub")).st_mode & 07777);
  DIR *dir = opendir(lower("dir"));
  CHECK(dir != NULL);
  int entries = 0;
  while (readdir(dir) != NULL)
    entries++;
  CHECK(closedir(dir) == 0);
  EQUAL(23, entries);
  CHECK(chmod(lower("dir/sub"), 0200) == 0);
  CHECK(rename(lower("dir"), lower("moved")) == 0);
  CHECK(chmod(lower("moved/sub"), 0755) == 0);
  expect_file(lower("moved/sub/deep"), "deep\n");
  CHECK(chmod(lower("hard1"), 0) == 0 && chmod(lower("hard2"), 0200) == 0);
  CHECK(unlink(lower("hard1")) == 0);
  EQUAL(1, stat_of(lower("hard2")).st_nlink);
}

TEST(a_lower_file_is_changed_in_a_directory_that_takes_no_names) {
  CHECK(chmod(lower("dir"), 0555) == 0);
  write_file(lower("dir/1"), "changed");
  CHECK(chmod(lower("dir/2"), 0600) == 0);
  EQUAL(0555, stat_of(lower("dir")).st_mode & 07777);
  expect_file(lower("dir/1"), "changed");
  if (geteuid() != 0) FAILS(EACCES, open(lower("dir/new"), O_WRONLY | O_CREAT, 0644));
  CHECK(chmod(lower("dir"), 0755) == 0);
}
