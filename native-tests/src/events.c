/* What inotify tells. */
#include "check.h"

#include <poll.h>
#include <sys/inotify.h>

static uint32_t events(int fd) {
  char bytes[8192] __attribute__((aligned(8)));
  struct pollfd ready = {.fd = fd, .events = POLLIN};
  uint32_t mask = 0;
  while (poll(&ready, 1, 200) == 1) {
    ssize_t length = read(fd, bytes, sizeof bytes);
    CHECK(length > 0);
    for (char *at = bytes; at < bytes + length;) {
      struct inotify_event *event = (struct inotify_event *)at;
      mask |= event->mask;
      at += sizeof *event + event->len;
    }
  }
  return mask;
}

TEST(inotify_tells_of_changes) {
  int fd = inotify_init1(IN_NONBLOCK);
  CHECK(inotify_add_watch(fd, ".", IN_ALL_EVENTS) >= 0);
  write_file("file", "x");
  uint32_t mask = events(fd);
  CHECK(mask & IN_CREATE);
  CHECK(mask & IN_MODIFY);
  CHECK(mask & IN_CLOSE_WRITE);
  CHECK(rename("file", "moved") == 0);
  mask = events(fd);
  CHECK(mask & IN_MOVED_FROM);
  CHECK(mask & IN_MOVED_TO);
  CHECK(chmod("moved", 0600) == 0);
  CHECK(events(fd) & IN_ATTRIB);
  CHECK(unlink("moved") == 0);
  CHECK(events(fd) & IN_DELETE);
}

TEST(inotify_goes_on_across_copy_up) {
  int fd = inotify_init1(IN_NONBLOCK);
  CHECK(inotify_add_watch(fd, lower("small"), IN_ALL_EVENTS) >= 0);
  int out = open_or_fail(lower("small"), O_WRONLY, 0);
  CHECK(write(out, "x", 1) == 1);
  CHECK(events(fd) & IN_MODIFY);
  CHECK(fchmod(out, 0600) == 0);
  CHECK(events(fd) & IN_ATTRIB);
}
