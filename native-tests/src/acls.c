/* POSIX ACLs: set, inherited, masked. Values as linux/posix_acl_xattr.h has them. */
#include "check.h"

#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdarg.h>
#include <sys/xattr.h>

#define ACCESS "system.posix_acl_access"
#define DEFAULT "system.posix_acl_default"

enum { MOST_ENTRIES = 10, OTHER_USER = 1001, OTHER_GROUP = 1002 };

struct acl {
  struct posix_acl_xattr_header head;
  struct posix_acl_xattr_entry entries[MOST_ENTRIES];
};

/* Triples of tag, permissions and id; a tag of 0 ends them. */
static size_t acl_of(struct acl *acl, ...) {
  va_list arguments;
  va_start(arguments, acl);
  acl->head.a_version = POSIX_ACL_XATTR_VERSION;
  int count = 0;
  for (int tag; (tag = va_arg(arguments, int)) != 0; count++) {
    acl->entries[count].e_tag = (uint16_t)tag;
    acl->entries[count].e_perm = (uint16_t)va_arg(arguments, int);
    acl->entries[count].e_id = (uint32_t)va_arg(arguments, int);
  }
  va_end(arguments);
  return sizeof acl->head + (size_t)count * sizeof acl->entries[0];
}

#define SET(path, name, ...)                                                                       \
  do {                                                                                             \
    struct acl acl_;                                                                               \
    size_t size_ = acl_of(&acl_, __VA_ARGS__, 0);                                                  \
    if (setxattr(path, name, &acl_, size_, 0) != 0) {                                              \
      if (errno == EOPNOTSUPP)                                                                     \
        skip("no ACLs here");                                                                      \
      fail(__FILE__, __LINE__, "setxattr(%s, %s): %s", path, name, strerror(errno));               \
    }                                                                                              \
  } while (0)

static void expect_acl(int line, const char *path, const char *name, const struct acl *wanted,
                       size_t size) {
  struct acl got;
  ssize_t length = getxattr(path, name, &got, sizeof got);
  if (length != (ssize_t)size)
    fail(__FILE__, line, "%s of %s has %zd bytes, wanted %zu", name, path, length, size);
  for (size_t i = 0; i < (size - sizeof wanted->head) / sizeof wanted->entries[0]; i++) {
    struct posix_acl_xattr_entry a = wanted->entries[i], b = got.entries[i];
    if (a.e_tag != b.e_tag || a.e_perm != b.e_perm || a.e_id != b.e_id)
      fail(__FILE__, line, "%s of %s: entry %zu is %x:%o:%u, wanted %x:%o:%u", name, path, i, b.e_tag,
           b.e_perm, b.e_id, a.e_tag, a.e_perm, a.e_id);
  }
}

/* The file has exactly this ACL. */
#define HAS(path, name, ...)                                                                       \
  do {                                                                                             \
    struct acl acl_;                                                                               \
    size_t size_ = acl_of(&acl_, __VA_ARGS__, 0);                                                  \
    expect_acl(__LINE__, path, name, &acl_, size_);                                                \
  } while (0)

#define USER_OBJ(perm) ACL_USER_OBJ, perm, ACL_UNDEFINED_ID
#define USER(perm, id) ACL_USER, perm, id
#define GROUP_OBJ(perm) ACL_GROUP_OBJ, perm, ACL_UNDEFINED_ID
#define GROUP(perm, id) ACL_GROUP, perm, id
#define MASK(perm) ACL_MASK, perm, ACL_UNDEFINED_ID
#define OTHER(perm) ACL_OTHER, perm, ACL_UNDEFINED_ID

TEST(an_acl_sets_the_mode) {
  write_file("file", "x");
  SET("file", ACCESS, USER_OBJ(6), USER(6, OTHER_USER), GROUP_OBJ(4), MASK(6), OTHER(0));
  EQUAL(0660, stat_of("file").st_mode & 07777); /* the group's bits are the mask */
  HAS("file", ACCESS, USER_OBJ(6), USER(6, OTHER_USER), GROUP_OBJ(4), MASK(6), OTHER(0));
  FAILS(ENODATA, getxattr("file", DEFAULT, NULL, 0));
}

TEST(chmod_sets_the_mask) {
  write_file("file", "x");
  SET("file", ACCESS, USER_OBJ(6), USER(6, OTHER_USER), GROUP_OBJ(4), MASK(6), OTHER(0));
  CHECK(chmod("file", 0745) == 0);
  HAS("file", ACCESS, USER_OBJ(7), USER(6, OTHER_USER), GROUP_OBJ(4), MASK(4), OTHER(5));
  EQUAL(0745, stat_of("file").st_mode & 07777);
}

TEST(a_minimal_acl_is_the_mode) {
  write_file("file", "x");
  SET("file", ACCESS, USER_OBJ(7), GROUP_OBJ(5), OTHER(1));
  EQUAL(0751, stat_of("file").st_mode & 07777);
  FAILS(ENODATA, getxattr("file", ACCESS, NULL, 0));
}

TEST(an_acl_is_removed) {
  write_file("file", "x");
  SET("file", ACCESS, USER_OBJ(6), USER(6, OTHER_USER), GROUP_OBJ(4), MASK(6), OTHER(0));
  CHECK(removexattr("file", ACCESS) == 0);
  FAILS(ENODATA, getxattr("file", ACCESS, NULL, 0));
  char names[1000];
  ssize_t length = listxattr("file", names, sizeof names);
  CHECK(length >= 0 && memmem(names, (size_t)length, "posix_acl", 9) == NULL);
  CHECK(removexattr("file", ACCESS) == 0);
  CHECK(setxattr(lower("small"), ACCESS, "", 0, 0) == 0);
  CHECK(removexattr(lower("dir"), DEFAULT) == 0);
}

TEST(acls_are_listed) {
  CHECK(mkdir("dir", 0755) == 0);
  SET("dir", ACCESS, USER_OBJ(7), USER(7, OTHER_USER), GROUP_OBJ(5), MASK(7), OTHER(0));
  SET("dir", DEFAULT, USER_OBJ(7), GROUP_OBJ(5), OTHER(0));
  char names[1000];
  ssize_t length = listxattr("dir", names, sizeof names);
  CHECK(length > 0 && memmem(names, (size_t)length, ACCESS, sizeof ACCESS));
  CHECK(memmem(names, (size_t)length, DEFAULT, sizeof DEFAULT));
}

TEST(malformed_acls_are_refused) {
  write_file("file", "x");
  struct acl acl;
  size_t size = acl_of(&acl, USER_OBJ(6), USER(6, OTHER_USER), GROUP_OBJ(4), OTHER(0), 0);
  FAILS(EINVAL, setxattr("file", ACCESS, &acl, size, 0)); /* a user without a mask */
  size = acl_of(&acl, USER_OBJ(6), GROUP_OBJ(4), 0);
  FAILS(EINVAL, setxattr("file", ACCESS, &acl, size, 0)); /* no others */
  size = acl_of(&acl, USER_OBJ(6), GROUP_OBJ(4), OTHER(0), 0);
  FAILS(EINVAL, setxattr("file", ACCESS, &acl, size - 3, 0));
  size = acl_of(&acl, USER_OBJ(6), GROUP_OBJ(4), OTHER(8), 0);
  FAILS(EINVAL, setxattr("file", ACCESS, &acl, size, 0)); /* a permission that is none */
}

TEST(default_acls_are_for_directories) {
  write_file("file", "x");
  struct acl acl;
  size_t size = acl_of(&acl, USER_OBJ(6), GROUP_OBJ(4), OTHER(0), 0);
  int result = setxattr("file", DEFAULT, &acl, size, 0), error = errno;
  CHECK(result == -1 && (error == EACCES || error == EOPNOTSUPP));
}

static void check_inheritance(const char *dir) {
  char file[1100], sub[1100], fifo[1100];
  snprintf(file, sizeof file, "%s/file", dir);
  snprintf(sub, sizeof sub, "%s/below", dir);
  snprintf(fifo, sizeof fifo, "%s/fifo", dir);
  SET(dir, DEFAULT, USER_OBJ(7), USER(6, OTHER_USER), GROUP_OBJ(5), MASK(7), OTHER(0));
  umask(077); /* counts for nothing where a default ACL is */
  int fd = open_or_fail(file, O_WRONLY | O_CREAT | O_EXCL, 0664);
  CHECK(mkdir(sub, 0777) == 0);
  CHECK(mkfifo(fifo, 0666) == 0);
  struct stat opened;
  CHECK(fstat(fd, &opened) == 0);
  EQUAL(0660, opened.st_mode & 07777);
  EQUAL(0660, stat_of(file).st_mode & 07777);
  HAS(file, ACCESS, USER_OBJ(6), USER(6, OTHER_USER), GROUP_OBJ(5), MASK(6), OTHER(0));
  EQUAL(0770, stat_of(sub).st_mode & 07777);
  HAS(sub, ACCESS, USER_OBJ(7), USER(6, OTHER_USER), GROUP_OBJ(5), MASK(7), OTHER(0));
  HAS(sub, DEFAULT, USER_OBJ(7), USER(6, OTHER_USER), GROUP_OBJ(5), MASK(7), OTHER(0));
  EQUAL(0660, stat_of(fifo).st_mode & 07777);
  HAS(fifo, ACCESS, USER_OBJ(6), USER(6, OTHER_USER), GROUP_OBJ(5), MASK(6), OTHER(0));
  umask(022);
}

TEST(default_acls_are_inherited) {
  CHECK(mkdir("dir", 0755) == 0);
  check_inheritance("dir");
}

TEST(default_acls_are_inherited_in_lower_directories) { check_inheritance(lower("dir")); }

TEST(a_minimal_default_acl_replaces_the_umask) {
  CHECK(mkdir("dir", 0755) == 0);
  SET("dir", DEFAULT, USER_OBJ(7), GROUP_OBJ(7), OTHER(5));
  umask(077);
  close(open_or_fail("dir/file", O_WRONLY | O_CREAT, 0666));
  CHECK(mkdir("dir/sub", 0777) == 0);
  EQUAL(0664, stat_of("dir/file").st_mode & 07777);
  FAILS(ENODATA, getxattr("dir/file", ACCESS, NULL, 0));
  EQUAL(0775, stat_of("dir/sub").st_mode & 07777);
  HAS("dir/sub", DEFAULT, USER_OBJ(7), GROUP_OBJ(7), OTHER(5));
}

TEST(the_umask_counts_again_without_a_default_acl) {
  CHECK(mkdir("dir", 0755) == 0);
  SET("dir", DEFAULT, USER_OBJ(7), GROUP_OBJ(7), OTHER(5));
  umask(077);
  close(open_or_fail("dir/one", O_WRONLY | O_CREAT, 0666));
  CHECK(removexattr("dir", DEFAULT) == 0);
  close(open_or_fail("dir/two", O_WRONLY | O_CREAT, 0666));
  EQUAL(0664, stat_of("dir/one").st_mode & 07777);
  EQUAL(0600, stat_of("dir/two").st_mode & 07777);
}

TEST(default_acls_with_tmpfiles_and_symlinks) {
  CHECK(mkdir("dir", 0755) == 0);
  SET("dir", DEFAULT, USER_OBJ(7), USER(6, OTHER_USER), GROUP_OBJ(5), MASK(7), OTHER(0));
  CHECK(symlink("target", "dir/link") == 0);
  CHECK(lgetxattr("dir/link", ACCESS, NULL, 0) == -1);
  umask(077);
  int fd = open("dir", O_TMPFILE | O_RDWR, 0664);
  if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
    return;
  CHECK(fd >= 0);
  struct stat attributes;
  CHECK(fstat(fd, &attributes) == 0);
  EQUAL(0660, attributes.st_mode & 07777);
}

TEST(acls_grant_and_deny) {
  needs_root();
  write_file("file", "content");
  CHECK(chmod("file", 0600) == 0);
  IN_CHILD(OTHER_USER, FAILS(EACCES, open("file", O_RDONLY)));
  SET("file", ACCESS, USER_OBJ(6), USER(6, OTHER_USER), GROUP_OBJ(0), GROUP(4, OTHER_GROUP),
      MASK(6), OTHER(0));
  IN_CHILD(OTHER_USER, close(open_or_fail("file", O_RDWR, 0)));
  IN_CHILD(OTHER_GROUP, close(open_or_fail("file", O_RDONLY, 0)));
  IN_CHILD(OTHER_GROUP, FAILS(EACCES, open("file", O_WRONLY)));
  IN_CHILD(NOBODY, FAILS(EACCES, open("file", O_RDONLY)));
  SET("file", ACCESS, USER_OBJ(6), USER(6, OTHER_USER), GROUP_OBJ(0), GROUP(4, OTHER_GROUP),
      MASK(4), OTHER(0));
  IN_CHILD(OTHER_USER, FAILS(EACCES, open("file", O_WRONLY)));
  IN_CHILD(OTHER_USER, close(open_or_fail("file", O_RDONLY, 0)));
  SET("file", ACCESS, USER_OBJ(6), USER(0, OTHER_USER), GROUP_OBJ(0), MASK(4), OTHER(7));
  IN_CHILD(OTHER_USER, FAILS(EACCES, open("file", O_RDONLY)));
  IN_CHILD(NOBODY, close(open_or_fail("file", O_RDWR, 0)));
}

TEST(acls_of_lower_files_grant_before_and_after_copy_up) {
  needs_root();
  CHECK(chmod(lower("small"), 0600) == 0);
  SET(lower("small"), ACCESS, USER_OBJ(6), USER(4, OTHER_USER), GROUP_OBJ(0), MASK(4), OTHER(0));
  IN_CHILD(OTHER_USER, expect_file(lower("small"), "lower\n"));
  IN_CHILD(OTHER_USER, FAILS(EACCES, open(lower("small"), O_WRONLY)));
  IN_CHILD(NOBODY, FAILS(EACCES, open(lower("small"), O_RDONLY)));
  write_file(lower("small"), "changed");
  HAS(lower("small"), ACCESS, USER_OBJ(6), USER(4, OTHER_USER), GROUP_OBJ(0), MASK(4), OTHER(0));
  IN_CHILD(OTHER_USER, expect_file(lower("small"), "changed"));
}

TEST(acls_are_set_by_owners) {
  needs_root();
  write_file("file", "x");
  CHECK(chmod("file", 0666) == 0);
  IN_CHILD(NOBODY, {
    struct acl acl;
    size_t size = acl_of(&acl, USER_OBJ(6), GROUP_OBJ(6), OTHER(6), 0);
    FAILS(EPERM, setxattr("file", ACCESS, &acl, size, 0));
    int result = removexattr("file", ACCESS), error = errno;
    CHECK(result == -1 && (error == EPERM || error == ENODATA));
  });
}

TEST(an_acl_set_by_a_stranger_to_the_group_clears_setgid) {
  needs_root();
  CHECK(chmod(".", 0777) == 0);
  write_file("file", "x");
  CHECK(chown("file", NOBODY, 4321) == 0);
  CHECK(chmod("file", 02775) == 0);
  IN_CHILD(NOBODY, SET("file", ACCESS, USER_OBJ(7), GROUP_OBJ(7), OTHER(5)));
  EQUAL(0775, stat_of("file").st_mode & 07777);
  CHECK(chmod("file", 02775) == 0);
  SET("file", ACCESS, USER_OBJ(7), GROUP_OBJ(5), OTHER(5)); /* by root */
  EQUAL(02755, stat_of("file").st_mode & 07777);
}

TEST(default_acls_and_setgid_directories) {
  needs_root();
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(chown("dir", 0, 1234) == 0);
  CHECK(chmod("dir", 02777) == 0);
  SET("dir", DEFAULT, USER_OBJ(7), USER(6, OTHER_USER), GROUP_OBJ(7), MASK(7), OTHER(7));
  IN_CHILD(NOBODY, {
    close(open_or_fail("dir/file", O_WRONLY | O_CREAT, 0666));
    CHECK(mkdir("dir/sub", 0755) == 0);
  });
  EQUAL(1234, stat_of("dir/file").st_gid);
  EQUAL(0666, stat_of("dir/file").st_mode & 07777);
  EQUAL(1234, stat_of("dir/sub").st_gid);
  EQUAL(02755, stat_of("dir/sub").st_mode & 07777);
  HAS("dir/sub", ACCESS, USER_OBJ(7), USER(6, OTHER_USER), GROUP_OBJ(7), MASK(5), OTHER(5));
}

TEST(an_acl_with_many_entries) {
  CHECK(mkdir("dir", 0755) == 0);
  enum { USERS = 100 };
  struct {
    struct posix_acl_xattr_header head;
    struct posix_acl_xattr_entry entries[USERS + 4];
  } acl, got;
  acl.head.a_version = POSIX_ACL_XATTR_VERSION;
  acl.entries[0] = (struct posix_acl_xattr_entry){ACL_USER_OBJ, 7, (uint32_t)ACL_UNDEFINED_ID};
  for (int i = 1; i <= USERS; i++)
    acl.entries[i] = (struct posix_acl_xattr_entry){ACL_USER, 5, 2000u + (uint32_t)i};
  acl.entries[USERS + 1] = (struct posix_acl_xattr_entry){ACL_GROUP_OBJ, 5, (uint32_t)ACL_UNDEFINED_ID};
  acl.entries[USERS + 2] = (struct posix_acl_xattr_entry){ACL_MASK, 7, (uint32_t)ACL_UNDEFINED_ID};
  acl.entries[USERS + 3] = (struct posix_acl_xattr_entry){ACL_OTHER, 0, (uint32_t)ACL_UNDEFINED_ID};
  if (setxattr("dir", DEFAULT, &acl, sizeof acl, 0) != 0 && errno == EOPNOTSUPP)
    skip("no ACLs here");
  EQUAL(sizeof acl, getxattr("dir", DEFAULT, &got, sizeof got));
  write_file("dir/file", "x");
  EQUAL(sizeof acl, getxattr("dir/file", ACCESS, &got, sizeof got));
}
