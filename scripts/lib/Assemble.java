import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Puts the program together from its jar and those of its libraries, for this machine, so that it
 * starts fast. Run as {@code java Assemble.java DIRECTORY JAR LIBRARY...}; makes
 *
 * <ul>
 *   <li>{@code DIRECTORY/strata.jar}, of all that is in the others, uncompressed. A class archive
 *       takes neither classes of signed jars nor classes older than Java 6, so signatures are left
 *       out, and old classes (picocli, asm) get the stack maps that newer ones have.
 *   <li>{@code DIRECTORY/native/*.so}, the native libraries for this machine, for java.library.path:
 *       from a jar they would be copied to /tmp at each start.
 * </ul>
 */
final class Assemble {
  /** Java 6: the first with stack maps, and the first that class archives take. */
  private static final int FIRST_MODERN = ClassFile.JAVA_6_VERSION;

  private static final ClassFileVersion MODERN = ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0);
  private static final long NO_TIME = 1_767_225_600_000L; // 2026: the same input, the same bytes

  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private final Path natives;

  private Assemble(Path natives) {
    this.natives = natives;
  }

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    Assemble assembly = new Assemble(Files.createDirectories(directory.resolve("native")));
    for (String jar : List.of(arguments).subList(1, arguments.length)) {
      assembly.take(Path.of(jar));
    }
    assembly.modernize();
    assembly.write(directory.resolve("strata.jar"));
  }

  private void take(Path jar) throws IOException {
    try (ZipFile file = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : Collections.list(file.entries())) {
        if (isWanted(entry.getName())) {
          try (InputStream in = file.getInputStream(entry)) {
            take(entry.getName(), in.readAllBytes());
          }
        }
      }
    }
  }

  private void take(String name, byte[] content) throws IOException {
    if (!isNative(name)) {
      entries.putIfAbsent(name, content); // the program's own come first
    } else if (isForThisMachine(name)) {
      Files.write(natives.resolve(name.substring(name.lastIndexOf('/') + 1)), content);
    }
  }

  private static boolean isWanted(String name) {
    boolean signature = name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");
    boolean multiRelease = name.startsWith("META-INF/versions/");
    return !name.endsWith("/")
        && !signature
        && !multiRelease
        && !name.endsWith("module-info.class")
        && !name.startsWith("META-INF/maven/");
  }

  private static boolean isNative(String name) {
    return name.matches(".*\\.(so|a|dll|dylib|jnilib)");
  }

  // The libraries have each their own layout: linux/amd64/x.so, jni/x86_64-Linux/x.so
  private static boolean isForThisMachine(String name) {
    List<String> words = List.of(name.toLowerCase(Locale.ROOT).split("[/-]"));
    String processor = System.getProperty("os.arch");
    boolean sameProcessor =
        words.contains(processor) || processor.equals("amd64") && words.contains("x86_64");
    return sameProcessor && words.contains("linux");
  }

  private void modernize() {
    ClassFile tool =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(this::find)
                    .orElse(ClassHierarchyResolver.defaultResolver())),
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
    ClassTransform transform =
        ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
            .andThen(
                (type, element) -> type.with(element instanceof ClassFileVersion ? MODERN : element));
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (entry.getKey().endsWith(".class") && majorVersion(entry.getValue()) < FIRST_MODERN) {
        entry.setValue(tool.transformClass(tool.parse(entry.getValue()), transform));
      }
    }
  }

  private InputStream find(ClassDesc type) {
    String descriptor = type.descriptorString(); // Lpackage/Name;
    byte[] content = entries.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
    return content == null ? null : new ByteArrayInputStream(content);
  }

  private static int majorVersion(byte[] classFile) {
    return (classFile[6] & 0xff) << 8 | classFile[7] & 0xff;
  }

  private void write(Path jar) throws IOException {
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(jar));
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        boolean isManifest = entry.getKey().equals("META-INF/MANIFEST.MF");
        byte[] content = isManifest ? withoutClassPath(entry.getValue()) : entry.getValue();
        out.putNextEntry(stored(entry.getKey(), content));
        out.write(content);
      }
    }
  }

  private static byte[] withoutClassPath(byte[] content) throws IOException {
    Manifest manifest = new Manifest(new ByteArrayInputStream(content));
    manifest.getMainAttributes().remove(Attributes.Name.CLASS_PATH);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }

  private static ZipEntry stored(String name, byte[] content) {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(NO_TIME);
    entry.setSize(content.length);
    entry.setCompressedSize(content.length);
    entry.setCrc(checksum.getValue());
    return entry;
  }
}
