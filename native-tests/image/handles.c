/*
 * File handles, as an NFS server uses them: taken of every file of a mount, and opened again when
 * the kernel has forgotten the files, or has another mount of the same image.
 *
 *   handles save MOUNT FILE       writes to FILE the handle of each file, and what the file is
 *   handles check MOUNT FILE      opens each handle of FILE and compares
 *   handles stale MOUNT FILE      expects ESTALE of each handle but the root's
 *   handles forged MOUNT FILE     changes some handles of FILE so that they are no file's any more,
 *                                 and expects ESTALE of each
 *
 * Needs CAP_DAC_READ_SEARCH in the initial user namespace.
 */
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HANDLE_BYTES = 12, ROOT = 1, FORGED_ONE_IN = 20 };

/* struct fuse_inode_handle as fs/fuse/inode.c encodes it. */
struct handle {
  struct file_handle head;
  uint32_t node_high, node_low, generation;
};

struct record {
  uint32_t type, node_high, node_low, generation;
  struct stat st;
  uint64_t sum;            /* of what the file holds */
  char path[PATH_MAX];     /* of a directory, below the mount */
};

static uint64_t add(uint64_t sum, const void *bytes, size_t length) { /* FNV-1a */
  const unsigned char *p = bytes;
  while (length--) sum = (sum ^ *p++) * 0x100000001b3;
  return sum;
}

static uint64_t sum_of_file(int fd) {
  static char buffer[1 << 16];
  uint64_t sum = 0xcbf29ce484222325;
  ssize_t got;
  while ((got = read(fd, buffer, sizeof buffer)) > 0) sum = add(sum, buffer, got);
  CHECK("read", got == 0);
  return sum;
}

static uint64_t sum_of_link(int fd) {
  char target[PATH_MAX];
  ssize_t got = readlinkat(fd, "", target, sizeof target);
  CHECK("readlink", got > 0);
  return add(0, target, got > 0 ? got : 0);
}

/* Whatever the order of the entries, which need not outlive a mount. Closes fd. */
static uint64_t sum_of_directory(int fd) {
  uint64_t sum = 0;
  DIR *directory = fdopendir(fd);
  struct dirent *entry;
  while ((entry = readdir(directory))) {
    if (!strcmp(entry->d_name, "..")) continue;
    uint64_t of_entry = add(0, entry->d_name, strlen(entry->d_name) + 1);
    sum += add(of_entry, &entry->d_ino, sizeof entry->d_ino);
  }
  closedir(directory);
  return sum;
}

/* What is behind fd, an O_PATH descriptor. */
static uint64_t sum_of(int fd, mode_t mode) {
  char self[64];
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  if (S_ISLNK(mode)) return sum_of_link(fd);
  if (S_ISDIR(mode)) return sum_of_directory(open(self, O_RDONLY | O_DIRECTORY));
  if (!S_ISREG(mode)) return 0;
  int opened = open(self, O_RDONLY);
  CHECK("open", opened >= 0);
  uint64_t sum = sum_of_file(opened);
  close(opened);
  return sum;
}

/* ---- save */

static FILE *records;

static void save(int directory, const char *name, const char *path) {
  static struct record record;
  struct handle handle = {.head = {.handle_bytes = HANDLE_BYTES}};
  int mount_id;
  memset(&record, 0, sizeof record);
  int fd = openat(directory, name, O_PATH | O_NOFOLLOW);
  CHECK("open", fd >= 0);
  CHECK("stat", fstat(fd, &record.st) == 0);
  CHECK("handle", name_to_handle_at(directory, name, &handle.head, &mount_id, 0) == 0);
  CHECK("the kernel's format of handles is known", handle.head.handle_bytes == HANDLE_BYTES);
  record.type = handle.head.handle_type;
  record.node_high = handle.node_high;
  record.node_low = handle.node_low;
  record.generation = handle.generation;
  record.sum = sum_of(fd, record.st.st_mode);
  if (S_ISDIR(record.st.st_mode)) snprintf(record.path, sizeof record.path, "%s", path);
  CHECK("write", fwrite(&record, sizeof record, 1, records) == 1);
  close(fd);
}

static void save_all(int directory, const char *path) {
  DIR *listing = fdopendir(openat(directory, ".", O_RDONLY | O_DIRECTORY));
  struct dirent *entry;
  while ((entry = readdir(listing))) {
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    char below[PATH_MAX];
    snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
    save(directory, entry->d_name, below);
    if (entry->d_type == DT_DIR) {
      int fd = openat(directory, entry->d_name, O_RDONLY | O_DIRECTORY);
      save_all(fd, below);
      close(fd);
    }
  }
  closedir(listing);
}

/* ---- check */

static int mount_fd;
static const char *mount_path;

static int open_handle(const struct record *record) {
  struct handle handle = {
      .head = {.handle_bytes = HANDLE_BYTES, .handle_type = (int) record->type},
      .node_high = record->node_high,
      .node_low = record->node_low,
      .generation = record->generation};
  return open_by_handle_at(mount_fd, &handle.head, O_PATH | O_NOFOLLOW);
}

static void check_path(int fd, const char *expected) {
  char self[64], path[PATH_MAX], whole[2 * PATH_MAX];
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  ssize_t got = readlink(self, path, sizeof path - 1);
  path[got < 0 ? 0 : got] = 0;
  snprintf(whole, sizeof whole, "%s%s", mount_path, expected);
  CHECK("a directory is found at its path", !strcmp(path, whole));
}

static void check(const struct record *record) {
  struct stat st;
  int fd = open_handle(record);
  CHECK("open by handle", fd >= 0);
  if (fd < 0) return;
  CHECK("stat", fstat(fd, &st) == 0);
  CHECK("inode number", st.st_ino == record->st.st_ino);
  CHECK("mode", st.st_mode == record->st.st_mode);
  CHECK("links", st.st_nlink == record->st.st_nlink);
  CHECK("owner", st.st_uid == record->st.st_uid && st.st_gid == record->st.st_gid);
  CHECK("size", st.st_size == record->st.st_size && st.st_blocks == record->st.st_blocks);
  CHECK("time", st.st_mtime == record->st.st_mtime);
  CHECK("device", st.st_rdev == record->st.st_rdev);
  CHECK("content", sum_of(fd, st.st_mode) == record->sum);
  if (S_ISDIR(st.st_mode)) check_path(fd, record->path);
  close(fd);
}

static int is_root(const struct record *record) {
  return record->node_high == 0 && record->node_low == ROOT;
}

static void expect_stale(const struct record *record) {
  CHECK_ERRNO("a stale handle", open_handle(record), ESTALE);
}

static void forge(const struct record *record) {
  struct record forged = *record;
  for (int bit = 0; bit < 5; bit++) { /* into the middle of an inode: the smallest has 20 bytes */
    forged.node_low = record->node_low ^ 1u << bit;
    expect_stale(&forged);
  }
  forged.node_low = record->node_low;
  for (int bit = 15; bit < 32; bit++) { /* further than the image goes, or of another layer */
    forged.node_high = record->node_high ^ 1u << bit;
    expect_stale(&forged);
  }
  forged.node_high = record->node_high;
  forged.generation++;
  expect_stale(&forged);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: handles save|check|stale|forged MOUNT FILE\n");
    return 2;
  }
  mount_path = argv[2];
  mount_fd = open(mount_path, O_RDONLY | O_DIRECTORY);
  records = fopen(argv[3], strcmp(argv[1], "save") ? "r" : "w");
  CHECK("open the mount and the file", mount_fd >= 0 && records);
  if (!records) return summary();
  if (!strcmp(argv[1], "save")) {
    save(mount_fd, ".", "");
    save_all(mount_fd, "");
    CHECK("written", fclose(records) == 0);
    return summary();
  }
  static struct record record;
  int number = 0;
  while (fread(&record, sizeof record, 1, records) == 1) {
    if (!strcmp(argv[1], "check")) check(&record);
    else if (is_root(&record)) continue;
    else if (!strcmp(argv[1], "stale")) expect_stale(&record);
    else if (number++ % FORGED_ONE_IN == 0) forge(&record);
  }
  CHECK("there were some handles", checks > 10);
  return summary();
}
