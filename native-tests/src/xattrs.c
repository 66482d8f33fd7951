/* Extended attributes. */
#include "check.h"

#include <sys/xattr.h>

TEST(xattrs_are_set_listed_and_removed) {
  write_file("file", "x");
  char bytes[100];
  FAILS(ENODATA, getxattr("file", "user.a", bytes, sizeof bytes));
  CHECK(setxattr("file", "user.a", "one", 3, 0) == 0);
  CHECK(setxattr("file", "user.b", "", 0, 0) == 0);
  EQUAL(3, getxattr("file", "user.a", NULL, 0));
  EQUAL(3, getxattr("file", "user.a", bytes, sizeof bytes));
  CHECK(memcmp(bytes, "one", 3) == 0);
  EQUAL(0, getxattr("file", "user.b", bytes, sizeof bytes));
  FAILS(ERANGE, getxattr("file", "user.a", bytes, 2));
  ssize_t length = listxattr("file", bytes, sizeof bytes);
  CHECK(length >= 14);
  CHECK(memmem(bytes, (size_t)length, "user.a", 7) && memmem(bytes, (size_t)length, "user.b", 7));
  FAILS(ERANGE, listxattr("file", bytes, 3));
  CHECK(removexattr("file", "user.a") == 0);
  FAILS(ENODATA, removexattr("file", "user.a"));
  FAILS(EOPNOTSUPP, setxattr("file", "nosuch.a", "x", 1, 0));
}

TEST(xattrs_of_no_namespace_are_refused) {
  needs_root();
  write_file("file", "x");
  const char *files[] = {"file", lower("small"), lower("dir")};
  char bytes[10];
  for (int i = 0; i < 3; i++) {
    FAILS(EOPNOTSUPP, getxattr(files[i], "nosuch.a", bytes, sizeof bytes));
    FAILS(EOPNOTSUPP, setxattr(files[i], "nosuch.a", "x", 1, XATTR_REPLACE));
    FAILS(EOPNOTSUPP, removexattr(files[i], "nosuch.a"));
    FAILS(EOPNOTSUPP, getxattr(files[i], "system.a", bytes, sizeof bytes));
    FAILS(EINVAL, getxattr(files[i], "user.", bytes, sizeof bytes));
    FAILS(EINVAL, setxattr(files[i], "trusted.", "x", 1, 0));
    FAILS(EINVAL, removexattr(files[i], "user."));
  }
}

TEST(xattrs_create_and_replace) {
  write_file("file", "x");
  FAILS(ENODATA, setxattr("file", "user.a", "1", 1, XATTR_REPLACE));
  CHECK(setxattr("file", "user.a", "1", 1, XATTR_CREATE) == 0);
  FAILS(EEXIST, setxattr("file", "user.a", "2", 1, XATTR_CREATE));
  CHECK(setxattr("file", "user.a", "22", 2, XATTR_REPLACE) == 0);
  char bytes[4];
  EQUAL(2, getxattr("file", "user.a", bytes, sizeof bytes));
}

TEST(xattrs_of_every_type_of_file) {
  needs_root();
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(symlink("nowhere", "link") == 0);
  CHECK(mkfifo("fifo", 0644) == 0);
  const char *names[] = {"dir", "link", "fifo"};
  char bytes[10];
  for (int i = 0; i < 3; i++) {
    CHECK(lsetxattr(names[i], "trusted.test", names[i], strlen(names[i]), 0) == 0);
    EQUAL(strlen(names[i]), lgetxattr(names[i], "trusted.test", bytes, sizeof bytes));
    CHECK(memcmp(bytes, names[i], strlen(names[i])) == 0);
  }
  CHECK(setxattr("dir", "user.test", "x", 1, 0) == 0);
  FAILS(EPERM, lsetxattr("link", "user.test", "x", 1, 0));
  FAILS(EPERM, lsetxattr("fifo", "user.test", "x", 1, 0));
}

TEST(trusted_xattrs_are_for_root) {
  needs_root();
  write_file("file", "x");
  CHECK(chmod("file", 0666) == 0);
  CHECK(setxattr("file", "trusted.test", "x", 1, 0) == 0);
  IN_CHILD(NOBODY, {
    char bytes[10];
    FAILS(ENODATA, getxattr("file", "trusted.test", bytes, sizeof bytes));
    FAILS(EPERM, setxattr("file", "trusted.other", "x", 1, 0));
    CHECK(setxattr("file", "user.x", "x", 1, 0) == 0);
  });
}

TEST(xattrs_of_lower_files_are_kept) {
  char bytes[20];
  EQUAL(5, getxattr(lower("small"), "user.lower", bytes, sizeof bytes));
  CHECK(memcmp(bytes, "value", 5) == 0);
  CHECK(setxattr(lower("small"), "user.upper", "x", 1, 0) == 0);
  EQUAL(5, getxattr(lower("small"), "user.lower", bytes, sizeof bytes));
  CHECK(removexattr(lower("small"), "user.lower") == 0);
  FAILS(ENODATA, getxattr(lower("small"), "user.lower", bytes, sizeof bytes));
  EQUAL(1, getxattr(lower("small"), "user.upper", bytes, sizeof bytes));
  expect_file(lower("small"), "lower\n");
}

TEST(xattrs_of_the_upper_layers_format_are_nobodys) {
  needs_root();
  write_file(lower("small"), "changed");
  CHECK(rename(lower("dir"), lower("moved")) == 0);
  CHECK(mkdir(lower("dir"), 0755) == 0);
  const char *names[] = {"small", "moved", "dir"};
  for (int i = 0; i < 3; i++) {
    char bytes[4096];
    ssize_t length = listxattr(lower(names[i]), bytes, sizeof bytes);
    CHECK(length >= 0);
    CHECK(memmem(bytes, (size_t)length, "overlay", 7) == NULL);
    FAILS(EPERM, setxattr(lower(names[i]), "user.fuseoverlayfs.opaque", "y", 1, 0));
    FAILS(ENODATA, getxattr(lower(names[i]), "user.fuseoverlayfs.opaque", bytes, sizeof bytes));
  }
}

TEST(xattr_names_and_values_at_their_limits) {
  write_file("file", "x");
  char name[300] = "user.";
  memset(name + 5, 'n', sizeof name - 5);
  name[255] = 0;
  CHECK(setxattr("file", name, "x", 1, 0) == 0);
  name[255] = 'n';
  name[256] = 0;
  FAILS(ERANGE, setxattr("file", name, "x", 1, 0));
  char value[2000], back[2000];
  memset(value, 'v', sizeof value);
  CHECK(setxattr("file", "user.large", value, sizeof value, 0) == 0);
  EQUAL(sizeof value, getxattr("file", "user.large", back, sizeof back));
  CHECK(memcmp(value, back, sizeof value) == 0);
}

TEST(file_capabilities_are_dropped_by_a_write) {
  needs_root();
  /* struct vfs_cap_data, revision 2: CAP_NET_RAW permitted and effective */
  const unsigned char capability[20] = {1, 0, 0, 2, 0, 0x20};
  char bytes[40];
  write_file("file", "program");
  CHECK(chmod("file", 0777) == 0);
  CHECK(setxattr("file", "security.capability", capability, sizeof capability, 0) == 0);
  EQUAL(20, getxattr("file", "security.capability", bytes, sizeof bytes));
  IN_CHILD(NOBODY, {
    int fd = open_or_fail("file", O_WRONLY, 0);
    CHECK(write(fd, "x", 1) == 1);
  });
  FAILS(ENODATA, getxattr("file", "security.capability", bytes, sizeof bytes));
}

/* As an overlayfs on the mount sets them; this one's own are others. */
TEST(xattrs_that_look_like_the_upper_layers_format_are_the_users) {
  needs_root();
  const char *names[] = {"trusted.overlay.opaque", "user.overlay.redirect",
                         "trusted.overlay.overlay.metacopy"};
  char bytes[4096];
  for (int i = 0; i < 3; i++) {
    CHECK(setxattr(lower("dir"), names[i], "y", 1, 0) == 0);
    EQUAL(1, getxattr(lower("dir"), names[i], bytes, sizeof bytes));
  }
  ssize_t length = listxattr(lower("dir"), bytes, sizeof bytes);
  CHECK(length > 0);
  for (int i = 0; i < 3; i++)
    CHECK(memmem(bytes, (size_t)length, names[i], strlen(names[i]) + 1) != NULL);
  expect_file(lower("dir/1"), "1\n");
  for (int i = 0; i < 3; i++) {
    CHECK(removexattr(lower("dir"), names[i]) == 0);
    FAILS(ENODATA, getxattr(lower("dir"), names[i], bytes, sizeof bytes));
  }
}
