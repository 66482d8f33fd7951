package io.strata.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Users, sessions, children, signals and limits of this process. */
public final class ProcessCalls {
  public static final int SIGINT = 2;
  public static final int SIGKILL = 9;
  public static final int SIGTERM = 15;
  public static final int AF_UNIX = 1;
  public static final int SOCK_STREAM = 1;

  private static final int SOCK_CLOEXEC = 02000000;
  private static final int PRIO_PROCESS = 0; // Linux: a thread
  private static final int RLIMIT_NOFILE = 7;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int STDERR = 2;
  private static final Charset FILE_NAMES =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
  private static final int FILE_ACTIONS_SIZE = 256; // 80 in glibc, less in musl

  private final Native system;

  ProcessCalls(Native system) {
    this.system = system;
  }

  private ProcessFunctions libc() {
    return system.libc().processes();
  }

  public int effectiveUser() {
    return libc().geteuid();
  }

  public int effectiveGroup() {
    return libc().getegid();
  }

  public int pid() {
    return libc().getpid();
  }

  /** Begins a new session without a terminal; EPERM for the leader of a process group. */
  public void setSession() throws ErrnoException {
    system.check(libc().setsid());
  }

  /** Sends a signal; 0 only asks whether the process is there. */
  public void kill(int pid, int signal) throws ErrnoException {
    system.check(libc().kill(pid, signal));
  }

  /** Goes to another working directory, for system calls; what Java made of the first one stays. */
  public void changeDirectory(byte[] path) throws ErrnoException {
    system.check(libc().chdir(Scratch.ofThread().firstPath(path)));
  }

  /** Sets the umask of the whole process; gives the one before. */
  public int umask(int mask) {
    return libc().umask(mask);
  }

  /**
   * Keeps the calling thread on one processor.
   *
   * @param processor its number, 0 to 4095
   * @throws ErrnoException EINVAL if it is offline, or this process may not use it
   */
  public void pinThread(int processor) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    ByteBuffer bytes = scratch.bytes();
    int at = scratch.structOffset();
    for (int i = 0; i < Scratch.STRUCT_SIZE; i += Long.BYTES) {
      bytes.putLong(at + i, 0);
    }
    bytes.put(at + processor / Byte.SIZE, (byte) (1 << processor % Byte.SIZE));
    system.check(libc().sched_setaffinity(0, Scratch.STRUCT_SIZE, scratch.structAddress()));
  }

  /**
   * Lets the calling thread run wherever the process's first thread may: for threads that others
   * started that are {@linkplain #pinThread pinned}, for they begin as these are.
   */
  public void unpinThread() throws ErrnoException {
    long mask = Scratch.ofThread().structAddress();
    system.check(libc().sched_getaffinity(pid(), Scratch.STRUCT_SIZE, mask));
    system.check(libc().sched_setaffinity(0, Scratch.STRUCT_SIZE, mask));
  }

  /**
   * Sets the priority of the calling thread.
   *
   * @param niceness -20 (urgent, for the privileged) to 19
   */
  public void setThreadPriority(int niceness) throws ErrnoException {
    system.check(libc().setpriority(PRIO_PROCESS, 0, niceness));
  }

  /** Makes the calling thread act on files as {@code uid}; gives the one before. */
  public int setFileUser(int uid) {
    return libc().setfsuid(uid);
  }

  /** Makes the calling thread act on files as {@code gid}; gives the one before. */
  public int setFileGroup(int gid) {
    return libc().setfsgid(gid);
  }

  /** The id of the user of that name; nothing if the system knows none. Not thread-safe. */
  public OptionalInt userId(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return idIn(libc().getpwnam(arena.allocateFrom(name).address()));
    }
  }

  /** The id of the group of that name; nothing if the system knows none. Not thread-safe. */
  public OptionalInt groupId(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return idIn(libc().getgrnam(arena.allocateFrom(name).address()));
    }
  }

  // struct passwd and struct group both begin with two strings, then the id.
  private static OptionalInt idIn(long entry) {
    if (entry == 0) {
      return OptionalInt.empty();
    }
    long at = 2L * Long.BYTES;
    MemorySegment head = MemorySegment.ofAddress(entry).reinterpret(at + Integer.BYTES);
    return OptionalInt.of(head.get(ValueLayout.JAVA_INT, at));
  }

  /** Raises the limit of open files to what the system allows; gives it. */
  public long raiseOpenFiles() throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    long address = scratch.structAddress();
    int at = scratch.structOffset();
    system.check(libc().getrlimit64(RLIMIT_NOFILE, address));
    long hard = scratch.bytes().getLong(at + 8);
    scratch.bytes().putLong(at, hard);
    system.check(libc().setrlimit64(RLIMIT_NOFILE, address));
    return hard;
  }

  /** Two connected stream sockets, closed in children that do not ask for one. */
  public int[] socketPair() throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    system.check(
        libc().socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, scratch.structAddress()));
    int at = scratch.structOffset();
    return new int[] {scratch.bytes().getInt(at), scratch.bytes().getInt(at + 4)};
  }

  /** Waits for a message on a socket and takes the descriptor that it carries, if it does. */
  public OptionalInt receiveDescriptor(int socket) throws ErrnoException {
    // struct msghdr of 56 bytes at 0, struct iovec at 64, its byte at 80, control data at 96
    Scratch scratch = Scratch.ofThread();
    ByteBuffer bytes = scratch.bytes();
    int at = scratch.structOffset();
    long address = scratch.structAddress();
    int controlSize = 24; // CMSG_SPACE(sizeof(int))
    bytes.putLong(at, 0).putLong(at + 8, 0); // msg_name, msg_namelen
    bytes.putLong(at + 16, address + 64).putLong(at + 24, 1); // msg_iov, msg_iovlen
    bytes.putLong(at + 32, address + 96).putLong(at + 40, controlSize); // msg_control
    bytes.putLong(at + 48, 0); // msg_flags
    bytes.putLong(at + 64, address + 80).putLong(at + 72, 1);
    long received = system.check(libc().recvmsg(socket, address, MSG_CMSG_CLOEXEC));
    boolean carries =
        received > 0
            && bytes.getLong(at + 40) >= 20 // CMSG_LEN(sizeof(int))
            && bytes.getInt(at + 104) == SOL_SOCKET
            && bytes.getInt(at + 108) == SCM_RIGHTS;
    return carries ? OptionalInt.of(bytes.getInt(at + 112)) : OptionalInt.empty();
  }

  /** Which descriptors a child has besides those named. */
  public enum Inheritance {
    /** Those without FD_CLOEXEC. */
    OTHERS_TOO,
    /** Standard input, output and error; where libc can't say so, those without FD_CLOEXEC. */
    STANDARD_ONLY
  }

  /**
   * Starts a program, looked up in PATH. Words and variables are passed in the encoding of file
   * names.
   *
   * @param command the program and its arguments
   * @param environment the whole environment of the child
   * @param descriptors from a descriptor here to its number in the child; a number here must not be
   *     another one's number there
   * @return the pid of the child, which must be waited for
   */
  public int spawn(
      List<String> command,
      Map<String, String> environment,
      Map<Integer, Integer> descriptors,
      Inheritance inheritance)
      throws ErrnoException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(FILE_ACTIONS_SIZE, 16);
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      libc().posix_spawn_file_actions_init(actions.address());
      try {
        descriptors.forEach(
            (here, there) ->
                libc().posix_spawn_file_actions_adddup2(actions.address(), here, there));
        if (inheritance == Inheritance.STANDARD_ONLY) {
          libc().posix_spawn_file_actions_addclosefrom_np(actions.address(), STDERR + 1);
        }
        List<String> variables =
            environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
        int error =
            libc()
                .posix_spawnp(
                    pid.address(),
                    string(arena, command.getFirst()).address(),
                    actions.address(),
                    0,
                    strings(arena, command).address(),
                    strings(arena, variables).address());
        if (error != 0) {
          throw ErrnoException.of(error);
        }
        return pid.get(ValueLayout.JAVA_INT, 0);
      } finally {
        libc().posix_spawn_file_actions_destroy(actions.address());
      }
    }
  }

  private static MemorySegment strings(Arena arena, List<String> strings) {
    MemorySegment array = arena.allocate(ValueLayout.JAVA_LONG, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(ValueLayout.JAVA_LONG, i, string(arena, strings.get(i)).address());
    }
    return array;
  }

  private static MemorySegment string(Arena arena, String text) {
    return arena.allocateFrom(text, FILE_NAMES);
  }

  /** Waits for a child to end; gives its exit status, or 128 + signal as a shell has it. */
  public int waitFor(int pid) throws ErrnoException {
    Scratch scratch = Scratch.ofThread();
    while (true) {
      int result = libc().waitpid(pid, scratch.structAddress(), 0);
      if (result >= 0) {
        int status = scratch.bytes().getInt(scratch.structOffset());
        return (status & 0x7f) == 0 ? status >>> 8 & 0xff : 128 + (status & 0x7f);
      }
      ErrnoException error = system.lastError();
      if (error.errno() != Errno.EINTR) {
        throw error;
      }
    }
  }
}
