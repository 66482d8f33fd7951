/*
 * Names: their length, nesting, exchange, and listing a directory while it changes.
 * Usage: names DIRECTORY, where DIRECTORY/lower is a directory of a lower layer that holds a
 * directory d with a file in it, and a file f.
 */
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static struct stat st;
static char longest[257];

static void too_long(void) {
  memset(longest, 'x', 256);
  CHECK_ERRNO("open", open(longest, O_CREAT | O_WRONLY, 0600), ENAMETOOLONG);
  CHECK_ERRNO("stat", stat(longest, &st), ENAMETOOLONG);
  CHECK_ERRNO("mkdir", mkdir(longest, 0700), ENAMETOOLONG);
  CHECK_ERRNO("unlink", unlink(longest), ENAMETOOLONG);
  CHECK_ERRNO("rmdir", rmdir(longest), ENAMETOOLONG);
  CHECK_ERRNO("symlink", symlink("x", longest), ENAMETOOLONG);
  CHECK_ERRNO("mkfifo", mkfifo(longest, 0600), ENAMETOOLONG);
  CHECK_ERRNO("link", link("lower/f", longest), ENAMETOOLONG);
  CHECK_ERRNO("rename to", rename("lower/f", longest), ENAMETOOLONG);
  CHECK_ERRNO("rename from", rename(longest, "y"), ENAMETOOLONG);
  longest[255] = 0;
  CHECK("255 bytes are a name", mkdir(longest, 0700) == 0 && rmdir(longest) == 0);
}

static void nesting(void) {
  int fd = open(".", O_RDONLY | O_DIRECTORY);
  for (int i = 0; i < 1000; i++) {
    CHECK("mkdir", mkdirat(fd, "directory", 0755) == 0);
    int next = openat(fd, "directory", O_RDONLY | O_DIRECTORY);
    CHECK("open", next >= 0);
    close(fd);
    fd = next;
  }
  close(openat(fd, "bottom", O_CREAT | O_WRONLY, 0644));
  CHECK("a file 1,000 levels down", fstatat(fd, "bottom", &st, 0) == 0);
  CHECK("move the top", rename("directory", "moved") == 0);
  CHECK("still there", fstatat(fd, "bottom", &st, 0) == 0);
  CHECK("unlink", unlinkat(fd, "bottom", 0) == 0);
  for (int i = 0; i < 1000; i++) {
    int above = openat(fd, "..", O_RDONLY | O_DIRECTORY);
    close(fd);
    fd = above;
    CHECK("rmdir", unlinkat(fd, i == 999 ? "moved" : "directory", AT_REMOVEDIR) == 0);
  }
  close(fd);
}

static void flags(void) {
  close(open("file", O_CREAT | O_WRONLY, 0600));
  CHECK_ERRNO("NOREPLACE",
              renameat2(AT_FDCWD, "file", AT_FDCWD, "lower/f", RENAME_NOREPLACE), EEXIST);
  CHECK("EXCHANGE of a file and a lower directory",
        renameat2(AT_FDCWD, "file", AT_FDCWD, "lower/d", RENAME_EXCHANGE) == 0);
  CHECK("each is the other", stat("lower/d", &st) == 0 && S_ISREG(st.st_mode));
  CHECK("with what is in it", stat("file/file", &st) == 0 && S_ISREG(st.st_mode));
  CHECK("and back", renameat2(AT_FDCWD, "file", AT_FDCWD, "lower/d", RENAME_EXCHANGE) == 0);
  CHECK("move a lower directory", rename("lower/d", "moved") == 0);
  CHECK("its entries go with it", stat("moved/file", &st) == 0);
  CHECK_ERRNO("nothing stays behind", stat("lower/d", &st), ENOENT);
  CHECK("move its entry", rename("moved/file", "moved/other") == 0);
  CHECK("move it back", rename("moved", "lower/d") == 0);
  CHECK("with what it holds now", stat("lower/d/other", &st) == 0);
  CHECK_ERRNO("and no more", stat("lower/d/file", &st), ENOENT);
  CHECK("rename the entry back", rename("lower/d/other", "lower/d/file") == 0);
  CHECK_ERRNO("into itself", rename("lower", "lower/d/x"), EINVAL);
  CHECK_ERRNO("over one that is not empty", rename("lower/d", "."), EBUSY);
  unlink("file");
}

static void whiteouts(void) {
  struct stat st;
  CHECK("a device 0:0", mknod("w", S_IFCHR | 0600, makedev(0, 0)) == 0);
  CHECK("is shown", stat("w", &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == 0);
  CHECK("and removed", unlink("w") == 0);
  CHECK_ERRNO("what stands for it is refused",
              mknod("w", S_IFCHR | 0600, makedev(0xfff, 0xfffff)), EPERM);
  CHECK("other devices are not", mknod("null", S_IFCHR | 0666, makedev(1, 3)) == 0);
  int fd = open("null", O_WRONLY);
  CHECK("and they work", write(fd, "x", 1) == 1);
  close(fd);
  unlink("null");
}

/* Half of the entries go and others come while they are listed. */
static void listing(void) {
  enum { FILES = 20000 };
  static char seen[FILES];
  char name[32];
  CHECK("mkdir", mkdir("many", 0755) == 0);
  int fd = open("many", O_RDONLY | O_DIRECTORY);
  for (int i = 0; i < FILES; i++) {
    snprintf(name, sizeof name, "f%05d", i);
    close(openat(fd, name, O_CREAT | O_WRONLY, 0600));
  }
  DIR *directory = fdopendir(fd);
  int twice = 0, count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (entry->d_name[0] == 'f') {
      int number = atoi(entry->d_name + 1);
      twice += seen[number]++;
      if (++count % 2) CHECK("unlink", unlinkat(fd, entry->d_name, 0) == 0);
    }
    if (count % 1000 == 0) {
      snprintf(name, sizeof name, "new%d", count);
      close(openat(fd, name, O_CREAT | O_WRONLY, 0600));
    }
  }
  CHECK("each entry once", count == FILES && twice == 0);
  rewinddir(directory);
  count = 0;
  for (struct dirent *entry; (entry = readdir(directory));) {
    if (entry->d_name[0] == '.') continue;
    count++;
    CHECK("unlink the rest", unlinkat(fd, entry->d_name, 0) == 0);
  }
  CHECK("the rest was all there", count >= FILES / 2);
  closedir(directory);
  CHECK("empty now", rmdir("many") == 0);
}

int main(int argc, char **argv) {
  if (argc != 2 || chdir(argv[1])) {
    fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    return 2;
  }
  too_long();
  nesting();
  flags();
  whiteouts();
  listing();
  return summary();
}
