# Builds target/program: the program in one jar, its native libraries, and the class archives that
# make it start fast. Sourced by sh, not run.
# Wants: strata_home (the checkout), JAVA_HOME (see java.sh).

strata_is_built() {
  [ -f "$strata_home/target/program/built" ]
}

strata_is_current() {
  strata_is_built && [ -z "$(find "$strata_home/pom.xml" "$strata_home/.mvn" "$strata_home/src/main" \
    "$strata_home/scripts/lib" -newer "$strata_home/target/program/built" -print -quit)" ]
}

# Puts the program together from what Maven made, in directory $1; without class archives.
strata_assemble() {
  "$JAVA_HOME/bin/java" "$strata_home/scripts/lib/Assemble.java" "$1" \
    "$strata_home/target/strata.jar" "$strata_home"/target/lib/*.jar || return 1
  printf '%s\n' "$JAVA_HOME" > "$1/java-home"
}

# Compiles and packs, unless what is there is newer than every source. $1: more for Maven, if any.
strata_build() {
  if strata_is_current; then
    return 0
  fi
  if ! command -v mvn > /dev/null; then
    echo "strata: Maven is missing; run scripts/setup, or install the package maven" >&2
    return 1
  fi
  echo "strata: building (about a minute the first time)" >&2
  rm -rf "$strata_home/target/program"
  (cd "$strata_home" && mvn -B -q -ntp -Dmaven.test.skip=true package) >&2 || return 1
  strata_assemble "$strata_home/target/program" || return 1
  . "$strata_home/scripts/lib/rehearsal.sh"
  strata_rehearse || echo "strata: no class archive could be made; starts will be slower" >&2
  : > "$strata_home/target/program/built"
}
