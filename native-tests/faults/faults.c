/*
 * Lets the changes that a program makes below a directory fail, or kills it there. Preloaded:
 *
 *   LD_PRELOAD=./faults.so FAULT_DIR=/cache FAULT_AT=7 FAULT=kill java ...
 *
 * Calls are counted from 1: those that make, change, rename, remove or write out a file below
 * FAULT_DIR, and with FAULT_READS=1 reads too. FAULT is what happens at call FAULT_AT:
 *
 *   kill      the process kills itself before the call; of a write half is done first
 *   ERRNO     the call fails with this number
 *   ERRNO+    this call and all later ones fail with it
 *
 * FAULT_LOG names a file to which each call adds a line; without FAULT_AT nothing else happens.
 * What calls the kernel without libc's symbols is not seen.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static const char *directory;
static size_t directory_length;
static const char *log_file;
static long fault_at;
static int fault_errno; /* 0: kill */
static int fault_stays;
static int reads_too;

__attribute__((constructor)) static void configure(void)
{
	const char *at = getenv("FAULT_AT");
	const char *fault = getenv("FAULT");

	directory = getenv("FAULT_DIR");
	directory_length = directory ? strlen(directory) : 0;
	log_file = getenv("FAULT_LOG");
	fault_at = at ? atol(at) : 0;
	fault_errno = fault ? atoi(fault) : 0;
	fault_stays = fault && strchr(fault, '+') != NULL;
	reads_too = getenv("FAULT_READS") != NULL;
}

static void note(const char *what, const char *path)
{
	char line[PATH_MAX + 64];
	int fd, length;

	if (!log_file)
		return;
	fd = syscall(SYS_openat, AT_FDCWD, log_file, O_WRONLY | O_CREAT | O_APPEND, 0644);
	if (fd < 0)
		return;
	length = snprintf(line, sizeof line, "%s %s\n", what, path + directory_length);
	syscall(SYS_write, fd, line, (size_t)length);
	syscall(SYS_close, fd);
}

/* What is to be done with a call: 0 let it pass, -1 errno is set, 1 die. */
static int judge(const char *what, const char *path)
{
	long number;

	if (!directory_length || !path || strncmp(path, directory, directory_length) != 0)
		return 0;
	number = atomic_fetch_add(&calls, 1) + 1;
	note(what, path);
	if (!fault_at || number < fault_at || (number > fault_at && !fault_stays))
		return 0;
	if (!fault_errno)
		return 1;
	errno = fault_errno;
	return -1;
}

static void die(void)
{
	syscall(SYS_kill, getpid(), SIGKILL);
	for (;;)
		pause();
}

static int path_fails(const char *what, const char *path)
{
	int verdict = judge(what, path);

	if (verdict > 0)
		die();
	return verdict;
}

static const char *path_at(int at, const char *name, char *whole)
{
	char link[64];
	ssize_t length;

	if (name[0] == '/' || at == AT_FDCWD)
		return name;
	snprintf(link, sizeof link, "/proc/self/fd/%d", at);
	length = syscall(SYS_readlinkat, AT_FDCWD, link, whole, (size_t)PATH_MAX - 300);
	if (length < 0)
		return name;
	snprintf(whole + length, 300, "/%.255s", name);
	return whole;
}

static const char *path_of(int fd, char *whole)
{
	char link[64];
	ssize_t length;

	if (!directory_length)
		return NULL;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	length = syscall(SYS_readlinkat, AT_FDCWD, link, whole, (size_t)PATH_MAX - 1);
	if (length < 0)
		return NULL;
	whole[length] = 0;
	return whole;
}

static int file_fails(const char *what, int fd)
{
	char whole[PATH_MAX];

	return path_fails(what, path_of(fd, whole));
}

#define REAL(name) \
	static __typeof__(&name) real; \
	if (!real) \
		real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define OPENING (O_CREAT | O_TRUNC)

#define OPEN(name) \
	int name(const char *path, int flags, ...) \
	{ \
		va_list more; \
		mode_t mode; \
		REAL(name); \
		va_start(more, flags); \
		mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(more, mode_t) : 0; \
		va_end(more); \
		if ((flags & OPENING) && path_fails("open", path)) \
			return -1; \
		return real(path, flags, mode); \
	}

#define OPENAT(name) \
	int name(int at, const char *path, int flags, ...) \
	{ \
		char whole[PATH_MAX]; \
		va_list more; \
		mode_t mode; \
		REAL(name); \
		va_start(more, flags); \
		mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(more, mode_t) : 0; \
		va_end(more); \
		if ((flags & OPENING) && path_fails("open", path_at(at, path, whole))) \
			return -1; \
		return real(at, path, flags, mode); \
	}

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* Half a write is what a kill, or a disk that just gets full, leaves. */
static int write_fails(int fd, const void *bytes, size_t count, off_t place)
{
	char whole[PATH_MAX];
	int verdict = judge("write", path_of(fd, whole));

	if (verdict > 0) {
		if (place < 0)
			syscall(SYS_write, fd, bytes, count / 2);
		else
			syscall(SYS_pwrite64, fd, bytes, count / 2, place);
		die();
	}
	return verdict;
}

ssize_t write(int fd, const void *bytes, size_t count)
{
	REAL(write);
	return write_fails(fd, bytes, count, -1) ? -1 : real(fd, bytes, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t place)
{
	REAL(pwrite);
	return write_fails(fd, bytes, count, place) ? -1 : real(fd, bytes, count, place);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t place)
{
	REAL(pwrite64);
	return write_fails(fd, bytes, count, place) ? -1 : real(fd, bytes, count, place);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	REAL(writev);
	return file_fails("write", fd) ? -1 : real(fd, parts, count);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t place)
{
	REAL(pwritev);
	return file_fails("write", fd) ? -1 : real(fd, parts, count, place);
}

ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t count, unsigned flags)
{
	REAL(copy_file_range);
	return file_fails("copy", out) ? -1 : real(in, from, out, to, count, flags);
}

ssize_t read(int fd, void *bytes, size_t count)
{
	REAL(read);
	return reads_too && file_fails("read", fd) ? -1 : real(fd, bytes, count);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t place)
{
	REAL(pread64);
	return reads_too && file_fails("read", fd) ? -1 : real(fd, bytes, count, place);
}

int fsync(int fd)
{
	REAL(fsync);
	return file_fails("fsync", fd) ? -1 : real(fd);
}

int fdatasync(int fd)
{
	REAL(fdatasync);
	return file_fails("fsync", fd) ? -1 : real(fd);
}

int ftruncate(int fd, off_t length)
{
	REAL(ftruncate);
	return file_fails("truncate", fd) ? -1 : real(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
	REAL(ftruncate64);
	return file_fails("truncate", fd) ? -1 : real(fd, length);
}

int rename(const char *from, const char *to)
{
	REAL(rename);
	return path_fails("rename", to) ? -1 : real(from, to);
}

int unlink(const char *path)
{
	REAL(unlink);
	return path_fails("unlink", path) ? -1 : real(path);
}

int rmdir(const char *path)
{
	REAL(rmdir);
	return path_fails("rmdir", path) ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode)
{
	REAL(mkdir);
	return path_fails("mkdir", path) ? -1 : real(path, mode);
}

int symlink(const char *target, const char *path)
{
	REAL(symlink);
	return path_fails("symlink", path) ? -1 : real(target, path);
}

int link(const char *from, const char *to)
{
	REAL(link);
	return path_fails("link", to) ? -1 : real(from, to);
}

int unlinkat(int at, const char *name, int flags)
{
	char whole[PATH_MAX];
	REAL(unlinkat);
	return path_fails("unlink", path_at(at, name, whole)) ? -1 : real(at, name, flags);
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
	char whole[PATH_MAX];
	REAL(renameat);
	return path_fails("rename", path_at(to_at, to, whole)) ? -1 : real(from_at, from, to_at, to);
}
