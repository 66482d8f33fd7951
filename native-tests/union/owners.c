/*
 * What belongs to whom, and what becomes of setuid; run as root.
 * Usage: owners DIRECTORY, where DIRECTORY/lower/f is a file of a lower layer.
 */
#include "check.h"
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

enum { USER = 1000, GROUP = 1234 };

static struct stat st;

/* Runs as another user; what it gives is its exit status. */
static int as_user(int (*what)(void)) {
  pid_t child = fork();
  if (child == 0) {
    gid_t groups[] = {GROUP};
    if (setgroups(1, groups) || setgid(USER) || setuid(USER)) _exit(100);
    _exit(what());
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 101;
}

static int owned(const char *path, gid_t group) {
  return lstat(path, &st) == 0 && st.st_uid == USER && st.st_gid == group;
}

static int makes_everything(void) {
  umask(022);
  close(open("shared/file", O_CREAT | O_WRONLY, 0666));
  if (!owned("shared/file", GROUP) || (st.st_mode & 07777) != 0644) return 1;
  if (mkdir("shared/dir", 0777) || !owned("shared/dir", GROUP)) return 2;
  if ((st.st_mode & 07777) != 02755) return 3;
  if (symlink("x", "shared/link") || !owned("shared/link", GROUP)) return 4;
  if (mkfifo("shared/fifo", 0666) || !owned("shared/fifo", GROUP)) return 5;
  if ((st.st_mode & 07777) != 0644) return 6;
  if (unlink("shared/file") || mkdir("shared/file", 0777)) return 7;
  return owned("shared/file", GROUP) ? 0 : 8;
}

static int over_a_whiteout(void) {
  umask(022);
  close(open("lower/f", O_CREAT | O_EXCL | O_WRONLY, 0666));
  return owned("lower/f", USER) && (st.st_mode & 07777) == 0644 ? 0 : 1;
}

static int writes(void) {
  int fd = open("setuid", O_WRONLY);
  return write(fd, "x", 1) == 1 ? 0 : 1;
}

static int truncates(void) { return truncate("setuid", 0) == 0 ? 0 : 1; }

static int opens_with_trunc(void) { return open("setuid", O_WRONLY | O_TRUNC) >= 0 ? 0 : 1; }

static int is_set(void) { return stat("setuid", &st) == 0 && (st.st_mode & 06000) == 06000; }

static int is_dropped(void) { return stat("setuid", &st) == 0 && (st.st_mode & 06000) == 0; }

static void setuid_bits(void) {
  close(open("setuid", O_CREAT | O_WRONLY, 0600));
  chmod("setuid", 06777);
  int fd = open("setuid", O_WRONLY);
  CHECK("root's write", write(fd, "xyz", 3) == 3 && is_set());
  close(fd);
  CHECK("another's write drops them", as_user(writes) == 0 && is_dropped());
  chmod("setuid", 06777);
  CHECK("another's truncate drops them", as_user(truncates) == 0 && is_dropped());
  chmod("setuid", 06777);
  CHECK("another's O_TRUNC drops them", as_user(opens_with_trunc) == 0 && is_dropped());
  chmod("setuid", 06777);
  CHECK("chown drops them", chown("setuid", 5, 5) == 0 && is_dropped());
  unlink("setuid");
}

static void attributes(void) {
  CHECK_ERRNO("no ACL is ENODATA", getxattr("lower/f", "system.posix_acl_access", NULL, 0), ENODATA);
  CHECK("set one's own", setxattr("lower/f", "user.x", "1", 1, 0) == 0);
  char list[256];
  ssize_t length = listxattr("lower/f", list, sizeof list);
  CHECK("the upper's own are not listed", length == 7 && memcmp(list, "user.x", 7) == 0);
  CHECK("one that looks so is the user's", setxattr("lower", "trusted.overlay.opaque", "y", 1, 0) == 0);
  CHECK("and goes again", removexattr("lower", "trusted.overlay.opaque") == 0);
  CHECK("one that looks so is the user's", setxattr("lower", "user.overlay.opaque", "y", 1, 0) == 0);
  CHECK("and goes again", removexattr("lower", "user.overlay.opaque") == 0);
  CHECK_ERRNO("nor seen", getxattr("lower/f", "trusted.overlay.origin", NULL, 0), ENODATA);
}

static void times(void) {
  struct timespec set[2] = {{123, 456}, {-5, 999999999}};
  CHECK("times before 1970", utimensat(AT_FDCWD, "lower/f", set, 0) == 0 && stat("lower/f", &st) == 0);
  CHECK("to the nanosecond", st.st_atim.tv_sec == 123 && st.st_atim.tv_nsec == 456);
  CHECK("to the nanosecond", st.st_mtim.tv_sec == -5 && st.st_mtim.tv_nsec == 999999999);
  struct timespec some[2] = {{0, UTIME_OMIT}, {4102444800, 1}};
  CHECK("one alone, after 2038", utimensat(AT_FDCWD, "lower/f", some, 0) == 0);
  CHECK("only it", stat("lower/f", &st) == 0 && st.st_atim.tv_sec == 123 && st.st_mtim.tv_sec == 4102444800);
  struct timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  time_t before = time(NULL);
  CHECK("now", utimensat(AT_FDCWD, "lower/f", now, 0) == 0 && stat("lower/f", &st) == 0);
  CHECK("is now", st.st_mtim.tv_sec >= before && st.st_mtim.tv_sec <= before + 60);
}

int main(int argc, char **argv) {
  if (argc != 2 || chdir(argv[1])) {
    fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  umask(0);
  attributes();
  times();
  setuid_bits();
  CHECK("a shared directory", mkdir("shared", 0777) == 0 && chown("shared", 0, GROUP) == 0);
  CHECK("of a group", chmod("shared", 02775) == 0);
  int status = as_user(makes_everything);
  CHECK("new files belong to who made them", status == 0);
  if (status) printf("step %d\n", status);
  CHECK("unlink", unlink("lower/f") == 0 && chmod("lower", 0777) == 0);
  CHECK("also over a whiteout", as_user(over_a_whiteout) == 0);
  return summary();
}
