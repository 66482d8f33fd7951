# Finds a JDK of at least version 25 and sets JAVA_HOME. Sourced by sh, not run.

STRATA_JAVA_WANTED=25

# What a JVM that runs one verb is started with. Serial and C1: quick to start, small.
# The logs are off since a stale class archive is no news to a user.
STRATA_JVM_OPTIONS='--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1
  -XX:-UsePerfData -Xlog:disable -Xlog:all=off -Djdk.http.auth.tunneling.disabledSchemes='

# Sets java_major to the major version of the JDK in $1; to nothing where there is none.
strata_java_version() {
  java_major=
  [ -x "$1/bin/java" ] || return 0
  if [ -r "$1/release" ]; then
    while IFS='="' read -r java_key _ java_value _; do
      [ "$java_key" = JAVA_VERSION ] && java_major=${java_value%%.*}
    done < "$1/release"
    java_major=${java_major%%[!0-9]*}
  else
    java_major=$("$1/bin/java" -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p')
  fi
}

strata_find_java() {
  java_seen=
  java_built= # the one that Strata was built with, the only one that its class archives fit
  if [ -r "${strata_home:-}/target/program/java-home" ]; then
    read -r java_built < "$strata_home/target/program/java-home" || true
    if [ "${JAVA_HOME:-$java_built}" = "$java_built" ] && [ -x "$java_built/bin/java" ]; then
      JAVA_HOME=$java_built
      export JAVA_HOME
      return 0
    fi
  fi
  for java_candidate in "${JAVA_HOME:-}" "$java_built" /usr/lib/jvm/*"$STRATA_JAVA_WANTED"* /usr/lib/jvm/* \
    /opt/*jdk* /opt/java* /usr/local/*jdk* /usr/java/* "${HOME:-/root}"/.sdkman/candidates/java/* \
    "${HOME:-/root}"/.jdks/*; do
    [ -n "$java_candidate" ] && [ -x "$java_candidate/bin/java" ] || continue
    strata_java_version "$java_candidate"
    if [ -n "$java_major" ] && [ "$java_major" -ge "$STRATA_JAVA_WANTED" ]; then
      JAVA_HOME=$java_candidate
      export JAVA_HOME
      return 0
    fi
    java_seen="$java_seen $java_candidate (Java ${java_major:-unknown})"
  done
  echo "strata: no JDK $STRATA_JAVA_WANTED found${java_seen:+; too old:$java_seen};" \
    "install one (openjdk-25-jdk-headless, temurin-25-jdk) or set JAVA_HOME to it" >&2
  return 1
}

# In the locale C, which a container or a job has that sets none, Java reads and writes no name of a
# file that is not ASCII. C.UTF-8 differs in nothing else.
strata_use_utf8() {
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
    C | POSIX)
      if [ -n "${LC_ALL:-}" ]; then
        LC_ALL=C.UTF-8
      else
        export LC_CTYPE=C.UTF-8
      fi
      ;;
  esac
}
