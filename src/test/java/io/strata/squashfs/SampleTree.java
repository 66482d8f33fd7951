package io.strata.squashfs;

import io.strata.posix.ErrnoException;
import io.strata.posix.NameCalls;
import io.strata.posix.NativeBuffer;
import io.strata.posix.Posix;
import io.strata.posix.Stat;
import io.strata.posix.XattrCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** A tree with one of everything that an image can hold. Making it needs root. */
public final class SampleTree {
  private static final long SEED = 42;
  private static final int MANY = 3000;

  private final Path root;
  private final Posix posix = Posix.system();
  private final Random random = new Random(SEED);
  private final NativeBuffer value = NativeBuffer.allocate(1 << 16);

  private SampleTree(Path root) {
    this.root = root;
  }

  /** Makes the tree in the new directory {@code root}. */
  public static Path make(Path root) throws IOException, ErrnoException {
    SampleTree tree = new SampleTree(Files.createDirectory(root));
    tree.makeFiles();
    tree.makeHoles();
    tree.makeLinks();
    tree.makeSpecialFiles();
    tree.makeNames();
    tree.makeDirectories();
    tree.makeXattrs();
    tree.makeOwnersAndTimes();
    return root;
  }

  private void makeFiles() throws IOException {
    Path files = Files.createDirectory(root.resolve("files"));
    int[] sizes = {
      0, 1, 100, 4095, 4096, 4097, 8192, 131_071, 131_072, 131_073, 300_000, 1_048_575, 1_048_576,
      1_048_577
    };
    for (int size : sizes) {
      Files.write(files.resolve("text-" + size), text(size));
      byte[] noise = new byte[size];
      random.nextBytes(noise);
      Files.write(files.resolve("noise-" + size), noise);
      Files.write(files.resolve("noise-again-" + size), noise); // mksquashfs stores it once
    }
    for (MachineCode code : MachineCode.values()) {
      Files.write(files.resolve("code-" + code), code.make(200_000));
    }
    for (int i = 0; i < 300; i++) {
      Files.write(files.resolve("small-" + i), text(random.nextInt(3000)));
    }
  }

  private static byte[] text(int size) {
    byte[] line = ("a line of " + size + " bytes of text\n").getBytes(StandardCharsets.US_ASCII);
    byte[] text = new byte[size];
    for (int i = 0; i < size; i++) {
      text[i] = line[i % line.length];
    }
    return text;
  }

  private void makeHoles() throws IOException {
    Path holes = Files.createDirectory(root.resolve("holes"));
    makeSparse(holes.resolve("empty"), 3_000_000);
    makeSparse(holes.resolve("middle"), 20_000_000, 9_000_000);
    makeSparse(holes.resolve("ends"), 5_000_000, 0, 4_999_999);
    makeSparse(holes.resolve("whole-blocks"), 2 << 20);
    makeSparse(holes.resolve("begin"), 2 << 20, (2 << 20) - 1);
    makeSparse(holes.resolve("end"), 2 << 20, 0);
    makeSparse(holes.resolve("tail"), (2 << 20) + 1, 0);
    makeSparse(holes.resolve("one-byte"), 1);
  }

  /** Makes a file of {@code size} zeros with 1s at some places. */
  public static void makeSparse(Path file, long size, long... ones) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(size);
      for (long one : ones) {
        content.seek(one);
        content.write(1);
      }
    }
  }

  private void makeLinks() throws IOException, ErrnoException {
    Path links = Files.createDirectory(root.resolve("links"));
    Path first = Files.writeString(links.resolve("hard-1"), "one file");
    Files.createLink(links.resolve("hard-2"), first);
    Files.createLink(root.resolve("hard-3"), first);
    byte[] longTarget = new byte[4000];
    Arrays.fill(longTarget, (byte) 'x');
    symlink("../files/text-1".getBytes(StandardCharsets.US_ASCII), links.resolve("short"));
    symlink(longTarget, links.resolve("long"));
    symlink(new byte[] {(byte) 0xff, (byte) 0xfe}, links.resolve("bytes"));
    Files.createLink(links.resolve("link-again"), links.resolve("short"));
    Path directory = Files.createDirectory(links.resolve("thousand"));
    for (int i = 0; i < 1000; i++) {
      Files.createLink(directory.resolve("name-" + i), first);
    }
  }

  private void symlink(byte[] target, Path link) throws ErrnoException {
    posix.names().symlink(target, NameCalls.AT_FDCWD, bytes(link));
  }

  private void makeSpecialFiles() throws IOException, ErrnoException {
    Path special = Files.createDirectory(root.resolve("special"));
    makeNode(special.resolve("null"), Stat.S_IFCHR | 0666, 1, 3);
    makeNode(special.resolve("char"), Stat.S_IFCHR | 0600, 4095, 1_048_575);
    makeNode(special.resolve("block"), Stat.S_IFBLK | 0640, 259, 70_000);
    makeNode(special.resolve("zero"), Stat.S_IFCHR, 0, 0);
    makeNode(special.resolve("fifo"), Stat.S_IFIFO | 0622, 0, 0);
    makeNode(special.resolve("socket"), Stat.S_IFSOCK | 0755, 0, 0);
    Files.createLink(special.resolve("fifo-again"), special.resolve("fifo"));
  }

  private void makeNode(Path path, int mode, int major, int minor) throws ErrnoException {
    posix.names().mknod(NameCalls.AT_FDCWD, bytes(path), mode, Stat.makeDevice(major, minor));
  }

  private void makeNames() throws IOException, ErrnoException {
    Path names = Files.createDirectory(root.resolve("names"));
    int fd = posix.names().open(NameCalls.AT_FDCWD, bytes(names), NameCalls.O_RDONLY, 0);
    byte[] longest = new byte[255];
    Arrays.fill(longest, (byte) 'n');
    touch(fd, longest);
    longest[0] = (byte) 0xff;
    touch(fd, longest);
    for (int b = 1; b < 256; b++) {
      if (b != '/' && b != '.') {
        touch(fd, new byte[] {(byte) b});
        touch(fd, new byte[] {(byte) b, 'x', (byte) (256 - b)});
      }
    }
    touch(fd, "...".getBytes(StandardCharsets.US_ASCII));
    posix.files().close(fd);
  }

  private void touch(int directory, byte[] name) throws ErrnoException {
    for (byte b : name) {
      if (b == '/') {
        return;
      }
    }
    int flags = NameCalls.O_CREAT | NameCalls.O_WRONLY;
    posix.files().close(posix.names().open(directory, name, flags, 0644));
  }

  private void makeDirectories() throws IOException, ErrnoException {
    Path deep = root.resolve("deep");
    for (int i = 0; i < 60; i++) {
      deep = deep.resolve("level" + i);
    }
    Files.createDirectories(deep);
    Files.writeString(deep.resolve("bottom"), "bottom");
    Files.createDirectory(root.resolve("empty"));
    Path many = Files.createDirectory(root.resolve("many"));
    makeMany(many, MANY);
    for (int i = 0; i < MANY; i++) { // so many owners that their table takes several blocks
      chown(many.resolve(manyName(i)), 100_000 + i, 200_000 + i);
    }
  }

  private void chown(Path path, int uid, int gid) throws ErrnoException {
    posix.names().chown(NameCalls.AT_FDCWD, bytes(path), uid, gid, 0);
  }

  /** Makes {@code count} empty files. */
  public static void makeMany(Path directory, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Files.createFile(directory.resolve(manyName(i)));
    }
  }

  private static String manyName(int number) {
    return "entry-%06d-of-a-large-directory".formatted(number);
  }

  private void makeXattrs() throws IOException, ErrnoException {
    Path xattrs = Files.createDirectory(root.resolve("xattrs"));
    byte[] large = new byte[2000];
    random.nextBytes(large);
    for (int i = 0; i < 20; i++) {
      Path file = Files.writeString(xattrs.resolve("f" + i), "x");
      setXattr(file, "user.own", new byte[] {(byte) i});
      setXattr(file, "user.large-and-shared", large); // stored once, others refer to it
      setXattr(file, "trusted.t", "t".getBytes(StandardCharsets.US_ASCII));
    }
    setXattr(xattrs, "user.directory", new byte[0]);
    setXattr(root, "trusted.root", large);
    Path link = xattrs.resolve("link");
    symlink("f0".getBytes(StandardCharsets.US_ASCII), link);
    setXattr(link, "trusted.link", "l".getBytes(StandardCharsets.US_ASCII));
    Path device = xattrs.resolve("device");
    makeNode(device, Stat.S_IFCHR | 0600, 5, 6);
    setXattr(device, "trusted.device", "d".getBytes(StandardCharsets.US_ASCII));
    Path fifo = xattrs.resolve("fifo");
    makeNode(fifo, Stat.S_IFIFO | 0600, 0, 0);
    setXattr(fifo, "security.fifo", "f".getBytes(StandardCharsets.US_ASCII));
  }

  private void setXattr(Path path, String name, byte[] bytes) throws ErrnoException {
    value.bytes().put(0, bytes);
    byte[] attribute = name.getBytes(StandardCharsets.US_ASCII);
    XattrCalls xattrs = posix.xattrs();
    xattrs.set(bytes(path), false, attribute, value.address(), bytes.length, 0);
  }

  private void makeOwnersAndTimes() throws IOException, ErrnoException {
    Path owned = Files.createDirectory(root.resolve("owned"));
    int[] owners = {0, 1, 1000, 65534, 70_000, -2};
    long[] times = {0, 1, 1_700_000_000L, 0x7fffffffL, 0x80000000L, 0xffffffffL};
    for (int i = 0; i < owners.length; i++) {
      Path file = Files.writeString(owned.resolve("o" + i), "o");
      NameCalls names = posix.names();
      chown(file, owners[i], owners[owners.length - 1 - i]);
      names.chmod(NameCalls.AT_FDCWD, bytes(file), 07000 >> i | 0644);
      names.setTimes(NameCalls.AT_FDCWD, bytes(file), 0, times[i], 0, times[i], 0);
    }
  }

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }
}
