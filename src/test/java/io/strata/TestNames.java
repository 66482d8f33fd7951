package io.strata;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Finds tests by the names that tables give them: {@code CLASS} or {@code CLASS#METHOD}. */
final class TestNames {
  private TestNames() {}

  /** Whether there is a test class of that name with a test, or that test in it. */
  static boolean exists(String test) {
    String[] parts = test.split("#", 2);
    try {
      Class<?> type = Class.forName(parts[0], false, TestNames.class.getClassLoader());
      return Arrays.stream(type.getDeclaredMethods())
          .filter(method -> parts.length == 1 || method.getName().equals(parts[1]))
          .anyMatch(TestNames::isTest);
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean isTest(Method method) {
    return AnnotationSupport.isAnnotated(method, Testable.class);
  }
}
