package io.strata;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The house")
class ArchitectureTest {
  /** Which floor each room is on; a room may use rooms on lower floors only. */
  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          Map.entry("cli", 4),
          Map.entry("mount", 3),
          Map.entry("sync", 3),
          Map.entry("publish", 3),
          Map.entry("serve", 3),
          Map.entry("session", 3),
          Map.entry("shell", 3),
          Map.entry("union", 2),
          Map.entry("store", 2),
          Map.entry("trust", 2),
          Map.entry("blocks", 2),
          Map.entry("fuse", 1),
          Map.entry("squashfs", 1),
          Map.entry("delta", 1),
          Map.entry("codec", 0),
          Map.entry("posix", 0),
          Map.entry("digest", 0),
          Map.entry("natives", -1)); // the cellar: what codec and posix both stand on

  private static final String ROOT = "io.strata";

  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** The part of a package's name that says which room it belongs to. */
  private static String room(String packageName) {
    String rest = packageName.substring(Math.min(packageName.length(), ROOT.length() + 1));
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static boolean isOurs(JavaClass javaClass) {
    return javaClass.getPackageName().equals(ROOT)
        || javaClass.getPackageName().startsWith(ROOT + ".");
  }

  @Test
  @DisplayName("has only rooms whose floor is known")
  void knowsItsRooms() {
    Set<String> unknown = new HashSet<>();
    for (JavaClass javaClass : house) {
      String room = room(javaClass.getPackageName());
      if (!room.isEmpty() && !FLOORS.containsKey(room)) {
        unknown.add(room);
      }
    }
    assertTrue(unknown.isEmpty(), () -> "rooms without a floor: " + unknown);
    assertFalse(house.isEmpty());
  }

  @Test
  @DisplayName("has packages that use only lower floors")
  void usesLowerFloorsOnly() {
    List<String> wrong = new ArrayList<>();
    for (JavaClass javaClass : house) {
      for (Dependency dependency : javaClass.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (isOurs(target) && !mayUse(javaClass, target)) {
          wrong.add(dependency.getDescription());
        }
      }
    }
    if (!wrong.isEmpty()) {
      fail(String.join("\n", wrong));
    }
  }

  private static boolean mayUse(JavaClass from, JavaClass to) {
    String fromRoom = room(from.getPackageName());
    String toRoom = room(to.getPackageName());
    return fromRoom.equals(toRoom)
        || FLOORS.getOrDefault(fromRoom, Integer.MIN_VALUE)
            > FLOORS.getOrDefault(toRoom, Integer.MAX_VALUE);
  }

  @Test
  @DisplayName("keeps the two transports apart")
  void keepsTransportsApart() {
    noClasses()
        .that()
        .resideInAPackage("..fuse.kernel..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..fuse.libfuse..")
        .check(house);
    noClasses()
        .that()
        .resideInAPackage("..fuse.libfuse..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..fuse.kernel..")
        .check(house);
    noClasses()
        .that()
        .resideInAPackage("io.strata.fuse")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..fuse.kernel..", "..fuse.libfuse..")
        .check(house);
  }

  @Test
  @DisplayName("has no cycles between packages")
  void hasNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(house);
  }

  @Test
  @DisplayName("has no class in its root package")
  void keepsItsRootEmpty() {
    noClasses().that(not(simpleName("package-info"))).should().resideInAPackage(ROOT).check(house);
  }

  @Test
  @DisplayName("has a null-marked package-info in every package")
  void isNullMarked() {
    List<String> missing = new ArrayList<>();
    for (JavaPackage javaPackage : house.getPackage(ROOT).getSubpackagesInTree()) {
      if (!javaPackage.getClasses().isEmpty()
          && !(javaPackage.tryGetPackageInfo().isPresent()
              && javaPackage.isAnnotatedWith(NullMarked.class))) {
        missing.add(javaPackage.getName());
      }
    }
    assertTrue(missing.isEmpty(), () -> "without a @NullMarked package-info: " + missing);
  }

  @Test
  @DisplayName("ends the process only in its programs: cli.Main, and the servers of mounts")
  void exitsInProgramsOnly() {
    noClasses()
        .that(not(program("cli", "Main")))
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .check(house);
    noClasses()
        .that(
            not(
                program("cli", "Main")
                    .or(program("cli", "ServeCommand"))
                    .or(program("mount", "Server"))
                    .or(program("mount", "ServerRehearsal"))))
        .should()
        .callMethod(Runtime.class, "halt", int.class)
        .check(house);
  }

  private static DescribedPredicate<JavaClass> program(String room, String name) {
    return resideInAPackage(ROOT + "." + room).and(simpleName(name));
  }

  @Test
  @DisplayName("prints stack traces only in cli")
  void printsTracesInCliOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli..")
        .should()
        .callMethod(Throwable.class, "printStackTrace")
        .check(house);
  }

  @Test
  @DisplayName("starts digests in one place")
  void startsDigestsInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".digest")
        .should()
        .callMethod(java.security.MessageDigest.class, "getInstance", String.class)
        .check(house);
  }

  @Test
  @DisplayName("sleeps nowhere")
  void doesNotSleep() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(house);
    noClasses().should().callMethod(Thread.class, "sleep", java.time.Duration.class).check(house);
  }

  @Test
  @DisplayName("has no class named Util, Helper, Manager or Impl")
  void namesThings() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(house);
  }

  @Test
  @DisplayName("has checked exceptions only")
  void hasCheckedExceptions() {
    classes()
        .that()
        .areAssignableTo(Exception.class)
        .should()
        .notBeAssignableTo(RuntimeException.class)
        .check(house);
  }
}
