/* setuid, setgid and file capabilities: what drops them, and what keeps them. */
#include "check.h"

#include <grp.h>
#include <linux/falloc.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>

/* struct vfs_cap_data, revision 2: CAP_NET_RAW permitted and effective */
static const unsigned char CAPABILITY[20] = {1, 0, 0, 2, 0, 0x20};
static const char *const CAPABILITIES = "security.capability";

static int mode_of(const char *path) { return stat_of(path).st_mode & 07777; }

static int has_capability(const char *path) {
  char bytes[64];
  return getxattr(path, CAPABILITIES, bytes, sizeof bytes) == 20;
}

/* A program of root's with everything to lose, that everybody may write. */
static void make_program(const char *path, mode_t mode) {
  write_file(path, "program");
  CHECK(chown(path, 0, 0) == 0);
  CHECK(setxattr(path, CAPABILITIES, CAPABILITY, sizeof CAPABILITY, 0) == 0);
  CHECK(chmod(path, mode) == 0);
  EQUAL(mode, mode_of(path));
  CHECK(has_capability(path));
}

#define DROPPED_BY_NOBODY(...)                                                                     \
  do {                                                                                             \
    needs_root();                                                                                  \
    make_program("program", 06777);                                                                \
    IN_CHILD(NOBODY, __VA_ARGS__);                                                                 \
    EQUAL(0777, mode_of("program"));                                                               \
    CHECK(!has_capability("program"));                                                             \
  } while (0)

TEST(privileges_are_dropped_by_write) {
  DROPPED_BY_NOBODY({
    int fd = open_or_fail("program", O_WRONLY, 0);
    CHECK(write(fd, "x", 1) == 1);
  });
}

TEST(privileges_are_dropped_by_append) {
  DROPPED_BY_NOBODY({
    int fd = open_or_fail("program", O_WRONLY | O_APPEND, 0);
    CHECK(write(fd, "x", 1) == 1);
  });
}

TEST(privileges_are_dropped_by_truncate) {
  DROPPED_BY_NOBODY(CHECK(truncate("program", 3) == 0));
}

TEST(privileges_are_dropped_by_ftruncate) {
  DROPPED_BY_NOBODY(CHECK(ftruncate(open_or_fail("program", O_RDWR, 0), 3) == 0));
}

TEST(privileges_are_dropped_by_o_trunc) {
  DROPPED_BY_NOBODY(close(open_or_fail("program", O_WRONLY | O_TRUNC, 0)));
}

TEST(privileges_are_dropped_by_a_shared_mapping_or_kept_until_written_back) {
  needs_root();
  make_program("program", 06777);
  IN_CHILD(NOBODY, {
    int fd = open_or_fail("program", O_RDWR, 0);
    char *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(at != MAP_FAILED);
    at[0] = 'P';
    CHECK(msync(at, 4096, MS_SYNC) == 0);
  });
  expect_file("program", "Program"); /* no local file system drops anything here */
}

TEST(privileges_are_dropped_by_direct_writes) {
  DROPPED_BY_NOBODY({
    int fd = open("program", O_WRONLY | O_DIRECT);
    if (fd < 0 && errno == EINVAL)
      fd = open_or_fail("program", O_WRONLY, 0);
    char *bytes = aligned_alloc(4096, 4096);
    memset(bytes, 'x', 4096);
    CHECK(write(fd, bytes, 4096) == 4096);
  });
}

TEST(privileges_are_dropped_by_fallocate) {
  DROPPED_BY_NOBODY({
    int fd = open_or_fail("program", O_RDWR, 0);
    CHECK(fallocate(fd, 0, 0, 100000) == 0);
  });
}

TEST(privileges_are_dropped_by_copy_file_range) {
  needs_root();
  write_file("from", "source");
  DROPPED_BY_NOBODY({
    int from = open_or_fail("from", O_RDONLY, 0);
    int fd = open_or_fail("program", O_RDWR, 0);
    CHECK(copy_file_range(from, NULL, fd, NULL, 6, 0) > 0);
  });
}

TEST(privileges_are_dropped_by_sendfile) {
  needs_root();
  write_file("from", "source");
  DROPPED_BY_NOBODY({
    int from = open_or_fail("from", O_RDONLY, 0);
    CHECK(sendfile(open_or_fail("program", O_RDWR, 0), from, NULL, 6) == 6);
  });
}

TEST(privileges_of_root_s_own_writes) {
  needs_root();
  write_file("program", "x");
  CHECK(chmod("program", 06777) == 0);
  CHECK(write(open_or_fail("program", O_RDWR, 0), "y", 1) == 1);
  EQUAL(06777, mode_of("program")); /* with CAP_FSETID */
  make_program("other", 0777);
  CHECK(write(open_or_fail("other", O_RDWR, 0), "y", 1) == 1);
  CHECK(!has_capability("other"));
}

TEST(capabilities_are_dropped_by_root_s_truncation) {
  needs_root();
  make_program("program", 0777);
  CHECK(truncate("program", 2) == 0);
  CHECK(!has_capability("program"));
}

TEST(privileges_are_kept_when_nothing_is_written) {
  needs_root();
  make_program("program", 06777);
  IN_CHILD(NOBODY, {
    int fd = open_or_fail("program", O_RDWR, 0);
    char byte;
    CHECK(read(fd, &byte, 1) == 1);
  });
  EQUAL(06777, mode_of("program"));
  CHECK(has_capability("program"));
}

TEST(privileges_are_kept_by_metadata_changes) {
  needs_root();
  make_program("program", 04755);
  CHECK(utimensat(AT_FDCWD, "program", NULL, 0) == 0);
  CHECK(link("program", "other") == 0);
  CHECK(rename("program", "moved") == 0);
  CHECK(setxattr("moved", "user.note", "x", 1, 0) == 0);
  EQUAL(04755, mode_of("moved"));
  CHECK(has_capability("other"));
  CHECK(chmod("moved", 0755) == 0);
  CHECK(has_capability("moved"));
}

TEST(privileges_of_a_lower_file_are_kept_by_copy_up) {
  needs_root();
  EQUAL(04755, mode_of(lower("setuid")));
  CHECK(setxattr(lower("setuid"), "user.note", "x", 1, 0) == 0);
  EQUAL(04755, mode_of(lower("setuid")));
  int fd = open_or_fail(lower("setuid"), O_WRONLY, 0);
  EQUAL(04755, mode_of(lower("setuid")));
  CHECK(write(fd, "x", 1) == 1);
  EQUAL(04755, mode_of(lower("setuid")));
}

TEST(privileges_are_dropped_by_chown) {
  needs_root();
  make_program("program", 06755);
  CHECK(chown("program", NOBODY, NOBODY) == 0);
  EQUAL(0755, mode_of("program"));
  CHECK(!has_capability("program"));
  CHECK(chmod("program", 02644) == 0); /* setgid without exec was mandatory locking */
  CHECK(chown("program", 0, 0) == 0);
  EQUAL(02644, mode_of("program"));
}

TEST(chown_of_nothing_by_the_owner_drops_setuid) {
  needs_root();
  CHECK(chmod(".", 0777) == 0);
  IN_CHILD(NOBODY, {
    write_file("program", "x");
    CHECK(chmod("program", 06755) == 0);
    CHECK(chown("program", (uid_t)-1, (gid_t)-1) == 0);
    EQUAL(0755, mode_of("program"));
  });
}

TEST(directories_keep_setgid_through_chown) {
  needs_root();
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(chmod("dir", 06755) == 0);
  CHECK(chown("dir", NOBODY, NOBODY) == 0);
  EQUAL(06755, mode_of("dir"));
}

TEST(chmod_drops_setgid_for_strangers_to_the_group) {
  needs_root();
  CHECK(chmod(".", 0777) == 0);
  write_file("program", "x");
  CHECK(mkdir("dir", 0755) == 0);
  CHECK(chown("program", NOBODY, 4321) == 0 && chown("dir", NOBODY, 4321) == 0);
  IN_CHILD(NOBODY, {
    CHECK(chmod("program", 02755) == 0);
    CHECK(chmod("dir", 02755) == 0);
  });
  EQUAL(0755, mode_of("program"));
  EQUAL(0755, mode_of("dir"));
}

TEST(owners_give_files_to_their_groups_only) {
  needs_root();
  write_file("file", "x");
  CHECK(chown("file", NOBODY, NOBODY) == 0);
  pid_t child = begin_child(0);
  if (child == 0) {
    gid_t groups[] = {777};
    CHECK(setgroups(1, groups) == 0);
    CHECK(setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0);
    CHECK(chown("file", (uid_t)-1, 777) == 0);
    CHECK(chown("file", NOBODY, NOBODY) == 0);
    FAILS(EPERM, chown("file", (uid_t)-1, 778));
    FAILS(EPERM, chown("file", 0, (gid_t)-1));
    _exit(0);
  }
  end_child(child);
}

TEST(a_setuid_program_runs_as_its_owner) {
  needs_root();
  CHECK(chmod(".", 0777) == 0);
  int in = open_or_fail(lower("nothing"), O_RDONLY, 0);
  int out = open_or_fail("program", O_WRONLY | O_CREAT, 0755);
  char bytes[65536];
  for (ssize_t got; (got = read(in, bytes, sizeof bytes)) > 0;)
    CHECK(write(out, bytes, (size_t)got) == got);
  CHECK(close(out) == 0);
  CHECK(chown("program", 1234, 1234) == 0 && chmod("program", 04755) == 0);
  int pipes[2];
  CHECK(pipe(pipes) == 0);
  pid_t child = begin_child(NOBODY);
  if (child == 0) {
    dup2(pipes[1], 1);
    execl("./program", "program", "60", (char *)NULL);
    _exit(1);
  }
  char byte, path[64];
  CHECK(read(pipes[0], &byte, 1) == 1); /* it runs */
  snprintf(path, sizeof path, "/proc/%d", child);
  EQUAL(1234, stat_of(path).st_uid);
  CHECK(kill(child, SIGKILL) == 0);
  CHECK(waitpid(child, NULL, 0) == child);
}
