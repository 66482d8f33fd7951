/* A check that names itself: prints what failed, with errno, and goes on. */
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int checks, failures;

#define CHECK(what, condition)                                                   \
  do {                                                                           \
    errno = 0;                                                                   \
    checks++;                                                                    \
    if (!(condition)) {                                                          \
      failures++;                                                                \
      printf("%s:%d: %s (errno: %s)\n", __FILE__, __LINE__, what, strerror(errno)); \
    }                                                                            \
  } while (0)

/* That a call fails, and with this errno. */
#define CHECK_ERRNO(what, call, expected)                                        \
  do {                                                                           \
    errno = 0;                                                                   \
    checks++;                                                                    \
    long result_ = (long) (call);                                                \
    if (result_ != -1 || errno != (expected)) {                                  \
      failures++;                                                                \
      printf("%s:%d: %s: gave %ld, %s; not %s\n", __FILE__, __LINE__, what,      \
             result_, strerror(errno), strerror(expected));                      \
    }                                                                            \
  } while (0)

static int summary(void) {
  printf("%d checks, %d failures\n", checks, failures);
  return failures ? 1 : 0;
}

#endif
