# Finds a JDK of at least version 25 and sets JAVA_HOME. Sourced, not run.

strata_java_version() { # DIR -> major version on stdout, nothing where there is none
  [ -x "$1/bin/java" ] || return 0
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  else
    "$1/bin/java" -version 2>&1 | sed -n '1s/.*"\([0-9]*\).*/\1/p'
  fi
}

strata_find_java() {
  local candidate version seen=""
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/jdk* /opt/java* \
    /usr/local/jdk* /usr/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/java" ] || continue
    version=$(strata_java_version "$candidate")
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      export JAVA_HOME=$candidate
      return 0
    fi
    seen="$seen $candidate (Java ${version:-unknown})"
  done
  echo "strata: no JDK 25 found${seen:+; found only:$seen}." >&2
  echo "strata: install one (Debian 13: apt-get install openjdk-25-jdk-headless; elsewhere Temurin 25) or set JAVA_HOME to it." >&2
  return 1
}
