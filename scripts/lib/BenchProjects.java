import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes two small programs for scripts/bench to build, the same bytes on every machine.
 *
 * <pre>
 *   java BenchProjects.java c DIR MODULES       modules in C with a header each, and a Makefile
 *   java BenchProjects.java maven DIR CLASSES   classes in Java and a pom.xml
 * </pre>
 */
final class BenchProjects {
  private static final int FUNCTIONS = 40; // of each module and class
  private static final int NEIGHBOURS = 5; // whose headers a module includes

  private BenchProjects() {}

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[1]);
    int size = Integer.parseInt(arguments[2]);
    if (arguments[0].equals("c")) {
      writeC(target, size);
    } else {
      writeMaven(target, size);
    }
  }

  private static void writeC(Path root, int modules) throws IOException {
    Path sources = Files.createDirectories(root.resolve("src"));
    Files.createDirectories(root.resolve("include"));
    for (int i = 0; i < modules; i++) {
      Files.writeString(root.resolve("include/module%d.h".formatted(i)), header(i));
      Files.writeString(sources.resolve("module%d.c".formatted(i)), module(i, modules));
    }
    Files.writeString(sources.resolve("main.c"), mainModule(modules));
    Files.writeString(
        root.resolve("Makefile"),
        """
        objects = $(patsubst src/%.c,build/%.o,$(wildcard src/*.c))

        build/program: $(objects)
        \t$(CC) -o $@ $^

        build/%.o: src/%.c | build
        \t$(CC) -O1 -Iinclude -MMD -MP -c -o $@ $<

        build:
        \tmkdir build

        -include $(objects:.o=.d)
        """);
  }

  private static String header(int module) {
    StringBuilder text = new StringBuilder("#pragma once\n");
    for (int i = 0; i < FUNCTIONS; i++) {
      text.append("unsigned module%d_step%d(unsigned value);\n".formatted(module, i));
    }
    return text.toString();
  }

  private static String module(int module, int modules) {
    StringBuilder text = new StringBuilder("#include <stdio.h>\n#include <string.h>\n");
    for (int i = 0; i < NEIGHBOURS; i++) {
      text.append("#include \"module%d.h\"\n".formatted((module + i) % modules));
    }
    for (int i = 0; i < FUNCTIONS; i++) {
      text.append(
          """

          unsigned module%1$d_step%2$d(unsigned value) {
            char text[32];
            for (unsigned i = 0; i < value %% %3$d; i++) {
              value = value * 2654435761u + (i ^ %2$du);
            }
            snprintf(text, sizeof text, "%%u", value);
            return value + (unsigned) strlen(text);
          }
          """
              .formatted(module, i, 7 + module + i));
    }
    return text.toString();
  }

  private static String mainModule(int modules) {
    StringBuilder text = new StringBuilder("#include <stdio.h>\n");
    for (int i = 0; i < modules; i++) {
      text.append("#include \"module%d.h\"\n".formatted(i));
    }
    text.append("\nint main(void) {\n  unsigned value = 1;\n");
    for (int i = 0; i < modules; i++) {
      text.append("  value = module%d_step%d(value);\n".formatted(i, i % FUNCTIONS));
    }
    return text.append("  printf(\"%u\\n\", value);\n}\n").toString();
  }

  private static void writeMaven(Path root, int classes) throws IOException {
    Path sources = Files.createDirectories(root.resolve("src/main/java/bench"));
    for (int i = 0; i < classes; i++) {
      Files.writeString(sources.resolve("Stage%d.java".formatted(i)), stage(i, classes));
    }
    Files.writeString(
        root.resolve("pom.xml"),
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>bench</groupId>
          <artifactId>bench</artifactId>
          <version>1</version>
          <properties>
            <maven.compiler.release>17</maven.compiler.release>
            <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
          </properties>
        </project>
        """);
  }

  private static String stage(int number, int classes) {
    StringBuilder text = new StringBuilder("package bench;\n\npublic final class Stage%d {\n".formatted(number));
    for (int i = 0; i < FUNCTIONS; i++) {
      text.append(
          """
            public record Result%1$d(int value, String text) {}

            public static Result%1$d step%1$d(int value) {
              int sum = value;
              for (int i = 0; i < %2$d; i++) {
                sum = sum * 31 + i;
              }
              return new Result%1$d(sum, "stage " + Stage%3$d.class.getSimpleName() + sum);
            }

          """
              .formatted(i, 5 + number + i, (number + 1) % classes));
    }
    return text.append("}\n").toString();
  }
}
