/* Reading directories while they change. */
#include "check.h"

enum { MANY = 20000 };

static void name_of(int i, char *name) { snprintf(name, 64, "a name of a common length %05d", i); }

static void make(int count) {
  char name[64];
  for (int i = 0; i < count; i++) {
    name_of(i, name);
    close(open_or_fail(name, O_WRONLY | O_CREAT, 0644));
  }
}

TEST(a_directory_of_20000_is_removed_while_it_is_read) {
  make(MANY);
  DIR *dir = opendir(".");
  CHECK(dir != NULL);
  char *seen = calloc(MANY, 1);
  int number;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    if (sscanf(entry->d_name, "a name of a common length %d", &number) != 1)
      continue;
    CHECK(!seen[number]);
    seen[number] = 1;
    CHECK(unlink(entry->d_name) == 0);
  }
  for (int i = 0; i < MANY; i++)
    EQUAL(1, seen[i]);
  rewinddir(dir);
  int left = 0;
  while (readdir(dir) != NULL)
    left++;
  EQUAL(2, left);
}

TEST(entries_that_stay_are_seen_while_others_go) {
  make(MANY);
  DIR *dir = opendir(".");
  CHECK(dir != NULL);
  char *seen = calloc(MANY, 1), name[64];
  int number, removed = 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    if (sscanf(entry->d_name, "a name of a common length %d", &number) != 1)
      continue;
    CHECK(!seen[number]);
    seen[number] = 1;
    for (int n = 0; n < 2 && removed < MANY; n++, removed += 2) {
      name_of(removed, name); /* the even ones */
      CHECK(unlink(name) == 0);
    }
  }
  for (int i = 1; i < MANY; i += 2)
    EQUAL(1, seen[i]);
}

TEST(telldir_and_seekdir) {
  make(1000);
  DIR *dir = opendir(".");
  CHECK(dir != NULL);
  long places[1002];
  char names[1002][64];
  int count = 0;
  for (;;) {
    places[count] = telldir(dir);
    struct dirent *entry = readdir(dir);
    if (entry == NULL)
      break;
    snprintf(names[count++], 64, "%.63s", entry->d_name);
    CHECK(count <= 1002);
  }
  EQUAL(1002, count);
  for (int i = 0; i < 1002; i += 37) {
    seekdir(dir, places[1001 - i]);
    struct dirent *entry = readdir(dir);
    CHECK(entry != NULL);
    CHECK(strcmp(entry->d_name, names[1001 - i]) == 0);
  }
}

TEST(rewinddir_sees_what_is_new) {
  DIR *dir = opendir(".");
  CHECK(dir != NULL);
  while (readdir(dir) != NULL) {
  }
  write_file("new", "x");
  rewinddir(dir);
  int found = 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
    found |= strcmp(entry->d_name, "new") == 0;
  CHECK(found);
}

static int listed(const char *path, char names[][64], int most) {
  DIR *dir = opendir(path);
  CHECK(dir != NULL);
  int count = 0;
  for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    CHECK(count < most);
    for (int i = 0; i < count; i++)
      CHECK(strcmp(names[i], entry->d_name) != 0);
    snprintf(names[count++], 64, "%.63s", entry->d_name);
  }
  closedir(dir);
  return count;
}

TEST(merged_directories_list_each_name_once) {
  char names[100][64];
  EQUAL(23, listed(lower("dir"), names, 100)); /* 1 to 20, sub, and the dots */
  write_file(lower("dir/new"), "x");
  write_file(lower("dir/5"), "changed");
  CHECK(unlink(lower("dir/6")) == 0);
  CHECK(rename(lower("dir/7"), lower("dir/seven")) == 0);
  CHECK(chmod(lower("dir/8"), 0600) == 0);
  EQUAL(23, listed(lower("dir"), names, 100));
  int found = 0;
  for (int i = 0; i < 23; i++) {
    CHECK(strcmp(names[i], "6") != 0 && strcmp(names[i], "7") != 0);
    found += strcmp(names[i], "new") == 0 || strcmp(names[i], "seven") == 0 ||
             strcmp(names[i], "5") == 0 || strcmp(names[i], ".") == 0 ||
             strcmp(names[i], "..") == 0;
  }
  EQUAL(5, found);
}

TEST(a_directory_open_while_removed_reads_as_empty) {
  CHECK(mkdir("d", 0755) == 0);
  DIR *dir = opendir("d");
  CHECK(dir != NULL);
  CHECK(rmdir("d") == 0);
  int count = 0;
  while (readdir(dir) != NULL)
    count++;
  CHECK(count <= 2);
}
