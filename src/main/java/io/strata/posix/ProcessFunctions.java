package io.strata.posix;

import io.strata.natives.NativeFunction;
import io.strata.natives.SharedLibrary;

/** What libc has for processes, users and limits; see {@link Libc}. Thread-safe. */
@SuppressWarnings({"checkstyle:MethodName", "MemberName"})
final class ProcessFunctions {
  private final NativeFunction geteuid;
  private final NativeFunction getegid;
  private final NativeFunction getpid;
  private final NativeFunction setsid;
  private final NativeFunction kill;
  private final NativeFunction umask;
  private final NativeFunction chdir;
  private final NativeFunction socketpair;
  private final NativeFunction recvmsg;
  private final NativeFunction posix_spawnp;
  private final NativeFunction posix_spawn_file_actions_init;
  private final NativeFunction posix_spawn_file_actions_adddup2;
  private final NativeFunction posix_spawn_file_actions_addclosefrom_np;
  private final NativeFunction posix_spawn_file_actions_destroy;
  private final NativeFunction waitpid;
  private final NativeFunction getrlimit64;
  private final NativeFunction setrlimit64;
  private final NativeFunction setfsuid;
  private final NativeFunction setfsgid;
  private final NativeFunction sched_getaffinity;
  private final NativeFunction sched_setaffinity;
  private final NativeFunction setpriority;
  private final NativeFunction getpwnam;
  private final NativeFunction getgrnam;

  ProcessFunctions(SharedLibrary library) {
    geteuid = library.function("geteuid");
    getegid = library.function("getegid");
    getpid = library.function("getpid");
    setsid = library.function("setsid");
    kill = library.function("kill");
    umask = library.function("umask");
    chdir = library.function("chdir");
    socketpair = library.function("socketpair");
    recvmsg = library.function("recvmsg");
    posix_spawnp = library.function("posix_spawnp");
    posix_spawn_file_actions_init = library.function("posix_spawn_file_actions_init");
    posix_spawn_file_actions_adddup2 = library.function("posix_spawn_file_actions_adddup2");
    posix_spawn_file_actions_addclosefrom_np =
        library.function("posix_spawn_file_actions_addclosefrom_np");
    posix_spawn_file_actions_destroy = library.function("posix_spawn_file_actions_destroy");
    waitpid = library.function("waitpid");
    getrlimit64 = library.function("getrlimit64");
    setrlimit64 = library.function("setrlimit64");
    setfsuid = library.function("setfsuid");
    setfsgid = library.function("setfsgid");
    sched_getaffinity = library.function("sched_getaffinity");
    sched_setaffinity = library.function("sched_setaffinity");
    setpriority = library.function("setpriority");
    getpwnam = library.function("getpwnam");
    getgrnam = library.function("getgrnam");
  }

  int geteuid() {
    return (int) geteuid.call();
  }

  int getegid() {
    return (int) getegid.call();
  }

  int getpid() {
    return (int) getpid.call();
  }

  int setsid() {
    return (int) setsid.call();
  }

  int kill(int pid, int signal) {
    return (int) kill.call(pid, signal);
  }

  int umask(int mask) {
    return (int) umask.call(mask);
  }

  int chdir(long path) {
    return (int) chdir.call(path);
  }

  int socketpair(int domain, int type, int protocol, long fds) {
    return (int) socketpair.call(domain, type, protocol, fds);
  }

  long recvmsg(int fd, long message, int flags) {
    return recvmsg.call(fd, message, flags);
  }

  int posix_spawnp(long pid, long file, long fileActions, long attributes, long argv, long envp) {
    return (int) posix_spawnp.call(pid, file, fileActions, attributes, argv, envp);
  }

  int posix_spawn_file_actions_init(long actions) {
    return (int) posix_spawn_file_actions_init.call(actions);
  }

  int posix_spawn_file_actions_adddup2(long actions, int fd, int newFd) {
    return (int) posix_spawn_file_actions_adddup2.call(actions, fd, newFd);
  }

  /** Of glibc 2.34 and later; gives -1 where it is not there. */
  int posix_spawn_file_actions_addclosefrom_np(long actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np.isThere()
        ? (int) posix_spawn_file_actions_addclosefrom_np.call(actions, from)
        : -1;
  }

  int posix_spawn_file_actions_destroy(long actions) {
    return (int) posix_spawn_file_actions_destroy.call(actions);
  }

  int waitpid(int pid, long status, int options) {
    return (int) waitpid.call(pid, status, options);
  }

  int getrlimit64(int resource, long limit) {
    return (int) getrlimit64.call(resource, limit);
  }

  int setrlimit64(int resource, long limit) {
    return (int) setrlimit64.call(resource, limit);
  }

  int setfsuid(int uid) {
    return (int) setfsuid.call(uid);
  }

  int setfsgid(int gid) {
    return (int) setfsgid.call(gid);
  }

  int sched_getaffinity(int thread, long size, long mask) {
    return (int) sched_getaffinity.call(thread, size, mask);
  }

  int sched_setaffinity(int thread, long size, long mask) {
    return (int) sched_setaffinity.call(thread, size, mask);
  }

  int setpriority(int which, int who, int priority) {
    return (int) setpriority.call(which, who, priority);
  }

  long getpwnam(long name) {
    return getpwnam.call(name);
  }

  long getgrnam(long name) {
    return getgrnam.call(name);
  }
}
