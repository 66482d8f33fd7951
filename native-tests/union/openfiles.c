/*
 * Files that stay open while their names go, and descriptors older than a copy-up.
 * Usage: openfiles DIRECTORY, where DIRECTORY/lower holds a ("hello\n"), b ("hello\n"), c ("hello\n")
 * and a directory d with one file, all of them in a lower layer.
 */
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct stat st;

static int reads(int fd, const char *expected) {
  char buffer[64] = {0};
  ssize_t got = pread(fd, buffer, sizeof buffer - 1, 0);
  return got >= 0 && strcmp(buffer, expected) == 0;
}

static int entries(int fd) {
  int count = 0;
  DIR *directory = fdopendir(dup(fd));
  if (!directory) return -1;
  rewinddir(directory);
  for (struct dirent *entry; (entry = readdir(directory));) {
    count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
  }
  closedir(directory);
  return count;
}

static void older_descriptor(void) {
  int reader = open("lower/a", O_RDONLY);
  char *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, reader, 0);
  CHECK("map a lower file", map != MAP_FAILED);
  CHECK("stat", fstat(reader, &st) == 0);
  ino_t inode = st.st_ino;
  int writer = open("lower/a", O_WRONLY);
  CHECK("write", pwrite(writer, "HE", 2, 0) == 2);
  CHECK("a descriptor from before the copy-up sees the write", reads(reader, "HEllo\n"));
  CHECK("a mapping from before the copy-up sees the write", memcmp(map, "HEllo\n", 6) == 0);
  CHECK("st_ino stays", fstat(writer, &st) == 0 && st.st_ino == inode);
  CHECK("unlink", unlink("lower/a") == 0);
  CHECK("no name left", fstat(reader, &st) == 0 && st.st_nlink == 0);
  CHECK("chmod without a name", fchmod(writer, 0600) == 0);
  CHECK("mode without a name", fstat(reader, &st) == 0 && (st.st_mode & 07777) == 0600);
  CHECK("truncate without a name", ftruncate(writer, 2) == 0 && reads(reader, "HE"));
  munmap(map, 4096);
  close(reader);
  close(writer);
}

static void lower_without_name(void) {
  int fd = open("lower/b", O_RDONLY);
  CHECK("unlink a lower file", unlink("lower/b") == 0);
  CHECK("it is still read", reads(fd, "hello\n"));
  CHECK("chmod", fchmod(fd, 0640) == 0);
  CHECK("attributes", fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0640 && st.st_nlink == 0);
  CHECK("it is still read after its copy-up", reads(fd, "hello\n"));
  close(fd);
}

static void replaced(void) {
  int fd = open("lower/c", O_RDONLY);
  close(open("new", O_CREAT | O_WRONLY, 0644));
  CHECK("rename over an open file", rename("new", "lower/c") == 0);
  CHECK("it is still read", reads(fd, "hello\n"));
  CHECK("no name left", fstat(fd, &st) == 0 && st.st_nlink == 0);
  close(fd);
}

static void directories(void) {
  CHECK("mkdir", mkdir("gone", 0755) == 0);
  int fd = open("gone", O_RDONLY | O_DIRECTORY);
  CHECK("rmdir", rmdir("gone") == 0);
  CHECK("no name left", fstat(fd, &st) == 0 && st.st_nlink == 0);
  CHECK("nothing in it", entries(fd) == 0);
  CHECK_ERRNO("nothing can be made in it", openat(fd, "x", O_CREAT | O_WRONLY, 0600), ENOENT);
  close(fd);
  fd = open("lower/d", O_RDONLY | O_DIRECTORY);
  CHECK_ERRNO("a directory with an entry stays", rmdir("lower/d"), ENOTEMPTY);
  CHECK("one entry", entries(fd) == 1);
  CHECK("remove it", unlink("lower/d/file") == 0 && rmdir("lower/d") == 0);
  CHECK("no name left", fstat(fd, &st) == 0 && st.st_nlink == 0 && entries(fd) == 0);
  CHECK("made again, it is empty", mkdir("lower/d", 0755) == 0);
  int again = open("lower/d", O_RDONLY | O_DIRECTORY);
  CHECK("nothing of the old one shows", entries(again) == 0);
  close(again);
  close(fd);
}

static void unnamed(void) {
  int fd = open(".", O_TMPFILE | O_RDWR, 0600);
  char path[64];
  CHECK("O_TMPFILE", fd >= 0 && write(fd, "tmp", 3) == 3);
  CHECK("no name", fstat(fd, &st) == 0 && st.st_nlink == 0);
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  CHECK("linkat gives it one",
        linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW) == 0);
  CHECK("one name", stat("named", &st) == 0 && st.st_nlink == 1 && st.st_size == 3);
  close(fd);
  CHECK("unlink", unlink("named") == 0);
  CHECK_ERRNO("it is gone", stat("named", &st), ENOENT);
}

/* Four processes append lines of one letter each; none may be torn or lost. */
static void appends(void) {
  close(open("appended", O_CREAT | O_WRONLY, 0644));
  for (int child = 0; child < 4; child++) {
    if (fork() == 0) {
      char line[51];
      memset(line, 'a' + child, 50);
      line[50] = '\n';
      int fd = open("appended", O_WRONLY | O_APPEND);
      for (int i = 0; i < 500; i++) {
        if (write(fd, line, 51) != 51) _exit(1);
      }
      _exit(0);
    }
  }
  int status, ended = 0;
  while (wait(&status) > 0) ended += status == 0;
  CHECK("four writers end well", ended == 4);
  FILE *file = fopen("appended", "r");
  char line[128];
  int lines = 0, torn = 0;
  while (fgets(line, sizeof line, file)) {
    lines++;
    torn += strlen(line) != 51 || strspn(line, (char[]){line[0], 0}) != 50;
  }
  fclose(file);
  CHECK("all lines are there, whole", lines == 2000 && torn == 0);
  unlink("appended");
}

static void mappings(void) {
  int fd = open("mapped", O_CREAT | O_RDWR, 0644);
  CHECK("size", ftruncate(fd, 8192) == 0);
  char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  CHECK("map for writing", map != MAP_FAILED);
  memcpy(map + 4090, "across pages", 12);
  if (fork() == 0) {
    char *other = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
    _exit(memcmp(other + 4090, "across pages", 12) != 0);
  }
  int status = -1;
  wait(&status);
  CHECK("another process sees it", status == 0);
  CHECK("msync", msync(map, 8192, MS_SYNC) == 0);
  munmap(map, 8192);
  char buffer[12];
  CHECK("it is in the file", pread(fd, buffer, 12, 4090) == 12 && !memcmp(buffer, "across pages", 12));
  close(fd);
  unlink("mapped");
}

int main(int argc, char **argv) {
  if (argc != 2 || chdir(argv[1])) {
    fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  older_descriptor();
  lower_without_name();
  replaced();
  directories();
  unnamed();
  appends();
  mappings();
  return summary();
}
