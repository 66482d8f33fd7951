/* Runs the tests of a program: PROGRAM DIR [NAME...], or PROGRAM --list. */
#include "check.h"

#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <time.h>

enum { MOST = 200, SECONDS = 120, SKIPPED = 77 };

char low[512];

static struct {
  const char *name;
  void (*run)(void);
} tests[MOST];
static int count;
static int report = 2;

void add_test(const char *name, void (*test)(void)) {
  if (count == MOST)
    abort();
  tests[count].name = name;
  tests[count++].run = test;
}

const char *lower(const char *name) {
  static char paths[4][PATH_MAX + 512];
  static int next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", low, name);
  return path;
}

void fail(const char *file, int line, const char *format, ...) {
  char text[2048];
  int length = snprintf(text, sizeof text, "%s:%d: ", strrchr(file, '/') ? strrchr(file, '/') + 1 : file, line);
  va_list arguments;
  va_start(arguments, format);
  length += vsnprintf(text + length, sizeof text - length, format, arguments);
  va_end(arguments);
  if (write(report, text, strnlen(text, sizeof text)) < 0)
    _exit(2);
  _exit(1);
}

void skip(const char *why) {
  if (write(report, why, strlen(why)) < 0)
    _exit(2);
  _exit(SKIPPED);
}

int open_or_fail(const char *path, int flags, mode_t mode) {
  int fd = open(path, flags, mode);
  if (fd < 0)
    fail(__FILE__, __LINE__, "open(%s, %o): %s", path, flags, strerror(errno));
  return fd;
}

void write_file(const char *path, const char *text) {
  int fd = open_or_fail(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) != 0)
    fail(__FILE__, __LINE__, "write(%s): %s", path, strerror(errno));
}

void expect_content(int fd, const char *text) {
  size_t wanted = strlen(text);
  char *bytes = calloc(1, wanted + 2);
  ssize_t got = pread(fd, bytes, wanted + 1, 0);
  if (got < 0)
    fail(__FILE__, __LINE__, "read: %s", strerror(errno));
  if ((size_t)got != wanted || memcmp(bytes, text, wanted) != 0)
    fail(__FILE__, __LINE__, "content is \"%.*s\", wanted \"%s\"", (int)got, bytes, text);
  free(bytes);
}

void expect_file(const char *path, const char *text) {
  int fd = open_or_fail(path, O_RDONLY, 0);
  expect_content(fd, text);
  close(fd);
}

struct stat stat_of(const char *path) {
  struct stat attributes;
  if (lstat(path, &attributes) != 0)
    fail(__FILE__, __LINE__, "lstat(%s): %s", path, strerror(errno));
  return attributes;
}

int exists(const char *path) {
  struct stat attributes;
  if (lstat(path, &attributes) == 0)
    return 1;
  if (errno != ENOENT)
    fail(__FILE__, __LINE__, "lstat(%s): %s", path, strerror(errno));
  return 0;
}

void sleep_millis(int millis) {
  struct timespec time = {millis / 1000, millis % 1000 * 1000000L};
  while (nanosleep(&time, &time) != 0 && errno == EINTR) {
  }
}

pid_t begin_child(uid_t user) {
  pid_t child = fork();
  if (child < 0)
    fail(__FILE__, __LINE__, "fork: %s", strerror(errno));
  if (child == 0 && user != 0 &&
      (setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0))
    fail(__FILE__, __LINE__, "setresuid: %s", strerror(errno));
  return child;
}

void end_child(pid_t child) {
  int status;
  if (waitpid(child, &status, 0) != child)
    fail(__FILE__, __LINE__, "waitpid: %s", strerror(errno));
  if (!WIFEXITED(status))
    fail(__FILE__, __LINE__, "a child was ended by signal %d", WTERMSIG(status));
  if (WEXITSTATUS(status) != 0)
    _exit(WEXITSTATUS(status)); /* it has reported */
}

void needs_root(void) {
  if (geteuid() != 0)
    skip("needs root");
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *ftw) {
  (void)s;
  (void)type;
  (void)ftw;
  return remove(path);
}

static void run_test(const char *dir, int index, int *passed, int *failed, int *skipped) {
  const char *name = tests[index].name;
  char own[PATH_MAX];
  snprintf(own, sizeof own, "%s/scratch/%s", dir, name);
  int pipes[2];
  if ((mkdir(own, 0755) != 0 && errno != EEXIST) || pipe(pipes) != 0) {
    printf("FAIL %s: mkdir(%s): %s\n", name, own, strerror(errno));
    ++*failed;
    return;
  }
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    close(pipes[0]);
    report = pipes[1];
    fcntl(report, F_SETFD, FD_CLOEXEC);
    umask(022);
    snprintf(low, sizeof low, "../../lower/%s", name);
    if (chdir(own) != 0)
      fail(__FILE__, __LINE__, "chdir(%s): %s", own, strerror(errno));
    tests[index].run();
    _exit(0);
  }
  close(pipes[1]);
  int status = 0, waited = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (waited++ == SECONDS * 100)
      kill(-child, SIGKILL);
    sleep_millis(10);
  }
  kill(-child, SIGKILL); /* what it left behind */
  char why[4096];
  fcntl(pipes[0], F_SETFL, O_NONBLOCK);
  ssize_t length = read(pipes[0], why, sizeof why - 1);
  why[length > 0 ? length : 0] = 0;
  close(pipes[0]);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    printf("ok %s\n", name);
    ++*passed;
  } else if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) {
    printf("skip %s: %s\n", name, why);
    ++*skipped;
  } else if (WIFSIGNALED(status)) {
    printf("FAIL %s: signal %d%s %s\n", name, WTERMSIG(status),
           waited > SECONDS * 100 ? " (time limit)" : "", why);
    ++*failed;
  } else {
    printf("FAIL %s: %s\n", name, why);
    ++*failed;
  }
  fflush(stdout);
  nftw(own, remove_one, 64, FTW_DEPTH | FTW_PHYS);
}

static int wanted(const char *name, int argc, char **argv) {
  if (argc <= 2)
    return 1;
  for (int i = 2; i < argc; i++)
    if (strcmp(argv[i], name) == 0)
      return 1;
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  int passed = 0, failed = 0, skipped = 0;
  for (int i = 0; i < count; i++) {
    if (strcmp(argv[1], "--list") == 0)
      puts(tests[i].name);
    else if (wanted(tests[i].name, argc, argv))
      run_test(argv[1], i, &passed, &failed, &skipped);
  }
  return failed != 0;
}
