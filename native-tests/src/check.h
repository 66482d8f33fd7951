/*
 * A test is a function in a process of its own, in a directory of its own (the current one), with
 * umask 022 and a time limit. It fails by the first CHECK that does not hold.
 */
#ifndef CHECK_H
#define CHECK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* A directory from the lower layer that only this test uses; see prepare() in the runner. */
extern char low[512];

/* A path below it. The result is good until the fourth next call. */
const char *lower(const char *name);

void add_test(const char *name, void (*test)(void));
_Noreturn void fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
_Noreturn void skip(const char *why);

#define TEST(name)                                                                                 \
  static void test_##name(void);                                                                   \
  __attribute__((constructor)) static void add_##name(void) { add_test(#name, test_##name); }      \
  static void test_##name(void)

/* The condition holds. */
#define CHECK(condition)                                                                           \
  do {                                                                                             \
    errno = 0;                                                                                     \
    if (!(condition))                                                                              \
      fail(__FILE__, __LINE__, "%s%s%s", #condition, errno ? ": " : "",                            \
           errno ? strerror(errno) : "");                                                          \
  } while (0)

/* Two integers are the same. */
#define EQUAL(wanted, got)                                                                         \
  do {                                                                                             \
    long long wanted_ = (long long)(wanted), got_ = (long long)(got);                              \
    if (wanted_ != got_)                                                                           \
      fail(__FILE__, __LINE__, "%s: wanted %lld, got %lld", #got, wanted_, got_);                  \
  } while (0)

/* The call fails with that errno. */
#define FAILS(error, call)                                                                         \
  do {                                                                                             \
    errno = 0;                                                                                     \
    long long result_ = (long long)(call);                                                         \
    if (result_ != -1)                                                                             \
      fail(__FILE__, __LINE__, "%s: succeeded, wanted %s", #call, #error);                         \
    if (errno != (error))                                                                          \
      fail(__FILE__, __LINE__, "%s: %s, wanted %s", #call, strerror(errno), #error);               \
  } while (0)

/* Common steps; they fail the test when they can't be done. */
int open_or_fail(const char *path, int flags, mode_t mode);
void write_file(const char *path, const char *text);
void expect_file(const char *path, const char *text);
void expect_content(int fd, const char *text);
struct stat stat_of(const char *path);
int exists(const char *path);
void sleep_millis(int millis);

/* Runs the body in a child, as that user if it is not 0, and fails unless the child exits with 0. */
pid_t begin_child(uid_t user);
void end_child(pid_t child);
#define IN_CHILD(user, ...)                                                                        \
  do {                                                                                             \
    pid_t child_ = begin_child(user);                                                              \
    if (child_ == 0) {                                                                             \
      __VA_ARGS__;                                                                                       \
      _exit(0);                                                                                    \
    }                                                                                              \
    end_child(child_);                                                                             \
  } while (0)

#define NOBODY 65534

void needs_root(void);

#endif
