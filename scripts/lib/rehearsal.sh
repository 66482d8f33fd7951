# Runs the main job once, small, in JVMs that record which classes they load and what runs hot:
# archives in target/program from which later starts map them: sync.aot for the verbs that transfer
# and verify, strata.aot for the others, server.aot for the servers of mounts. What an archive holds
# is loaded at each start, so each holds no more than is needed. Sourced by sh.
# Wants: strata_home, JAVA_HOME, STRATA_JVM_OPTIONS (see java.sh). What can't be done on this
# machine (mounting, say) is left out; the archives then only help less.

strata_rehearse() {
  rehearsal=$(mktemp -d) || return 1
  rehearsal_program=$strata_home/target/program
  mkdir "$rehearsal/tree" "$rehearsal/mirror" "$rehearsal/cache" "$rehearsal/read" \
    "$rehearsal/write" "$rehearsal/mount"
  cp -R "$strata_home/src/main/java" "$rehearsal/tree/"
  rehearsal_key
  rehearsal_serve
  rehearsal_config > "$rehearsal/repos.conf"
  rehearsal_verbs > "$strata_home/target/rehearsal.log" 2>&1
  rehearsal_mounts > "$strata_home/target/rehearsal-server.log" 2>&1
  kill "$rehearsal_web" 2> /dev/null || true
  if grep -q " $rehearsal/" /proc/self/mounts; then
    umount "$rehearsal/read" "$rehearsal/write" "$rehearsal/mount" 2> /dev/null || true
  fi
  rm -f /var/log/strata/*"${rehearsal##*/}"-mount*.log \
    "${XDG_STATE_HOME:-${HOME:-}/.local/state}"/strata/*"${rehearsal##*/}"-mount*.log
  rm -rf --one-file-system "$rehearsal"
  for rehearsal_archive in strata sync server; do
    chmod 644 "$rehearsal_program/$rehearsal_archive.aot" || return 1
  done
}

rehearsal_key() {
  mkdir -m 700 "$rehearsal/gnupg"
  GNUPGHOME=$rehearsal/gnupg
  export GNUPGHOME
  {
    gpg --batch --quiet --passphrase '' --quick-generate-key rehearsal ed25519 sign never &&
      gpg --batch --armor --export > "$rehearsal/public.asc" &&
      gpg --batch --armor --export-secret-keys > "$rehearsal/secret.asc"
    gpgconf --kill all
  } > /dev/null 2>&1 || true
  unset GNUPGHOME
}

rehearsal_serve() {
  : > "$rehearsal/web"
  "$JAVA_HOME/bin/jwebserver" -b 127.0.0.1 -p 0 -d "$rehearsal/mirror" > "$rehearsal/web" 2>&1 &
  rehearsal_web=$!
  rehearsal_await "$rehearsal_web" grep -q '^URL' "$rehearsal/web"
}

rehearsal_config() {
  cat << END
[rehearsal]
location = $rehearsal/mount
sync-type = squashdelta
sync-uri = $(sed -n 's/^URL \(http[^ ]*\).*/\1/p' "$rehearsal/web")
openpgp-verify = required
sync-openpgp-key-path = $rehearsal/public.asc
sync-squashdelta-cache = $rehearsal/cache
END
}

rehearsal_java() { # ARCHIVE CLASS ARGUMENT...
  rehearsal_archive=$1
  shift
  # shellcheck disable=SC2086 # the options are words
  "$JAVA_HOME/bin/java" $STRATA_JVM_OPTIONS \
    -XX:AOTCacheOutput="$rehearsal_program/$rehearsal_archive" \
    -Djava.library.path="$rehearsal_program/native" -cp "$rehearsal_program/strata.jar" "$@"
}

rehearsal_verbs() {
  set -- --repo rehearsal --to "$rehearsal/mirror" --key "$rehearsal/secret.asc"
  rehearsal_java sync.aot io.strata.cli.Rehearsal \
    publish "$rehearsal/tree" --version 1 "$@" -- \
    sync --config "$rehearsal/repos.conf" -- \
    publish "$rehearsal/tree/java" --version 2 "$@" -- \
    sync --config "$rehearsal/repos.conf" --dry-run -- \
    sync --config "$rehearsal/repos.conf" || true
  rehearsal_java strata.aot io.strata.cli.Rehearsal \
    --version -- --help -- mount --config "$rehearsal/repos.conf" rehearsal -- \
    status -- umount "$rehearsal/mount" -- \
    image info "$rehearsal/cache/rehearsal-current.sqfs" || true
}

rehearsal_mounts() {
  set -- "$rehearsal/mirror/rehearsal-2.sqfs" "$rehearsal/write" "$rehearsal/upper"
  for rehearsal_kind in lzo zstd gzip xz lz4; do
    rehearsal_image=$rehearsal/$rehearsal_kind.sqfs
    mksquashfs "$rehearsal/tree" "$rehearsal_image" -comp "$rehearsal_kind" -quiet -no-progress
    set -- "$rehearsal_image" "$rehearsal/read" '' "$@"
  done
  rehearsal_java server.aot io.strata.mount.ServerRehearsal "$@" &
  rehearsal_pid=$!
  for rehearsal_kind in lzo zstd gzip xz lz4; do
    rehearsal_use read
  done
  rehearsal_use write
  wait "$rehearsal_pid" || true
}

# Waits until a command succeeds; at most a minute, and not longer than process $1 lives.
rehearsal_await() {
  rehearsal_of=$1
  shift
  rehearsal_tries=600
  until "$@"; do
    rehearsal_tries=$((rehearsal_tries - 1))
    [ "$rehearsal_tries" -gt 0 ] && kill -0 "$rehearsal_of" 2> /dev/null || return 1
    sleep 0.1
  done
}

# What changes a tree, often enough for the archive to know what runs hot.
rehearsal_change() {
  find . -name '*.java' -exec sed -i '1s/^/ /' {} +
  find . -name '*.java' | while read -r rehearsal_file; do echo >> "$rehearsal_file"; done
  tar cf "$rehearsal/changed.tar" .
  for rehearsal_round in 1 2 3 4; do
    mkdir "unpacked-$rehearsal_round" && tar xf "$rehearsal/changed.tar" -C "unpacked-$rehearsal_round"
    find . -printf '%s\n'
  done
  rm -rf java unpacked-*
}

rehearsal_use() { # the mount $1: read all of it, change a little where that can be, unmount
  rehearsal_await "$rehearsal_pid" grep -q " $rehearsal/$1 " /proc/self/mounts || return 0
  (
    cd "$rehearsal/$1" || exit
    find . -printf '%s\n'
    tar cf - . | cat
    mkdir new && echo new > new/file && mv new/file new/other && rm -r new
    [ "$1" != write ] || rehearsal_change
  ) > /dev/null 2>&1 || true
  umount "$rehearsal/$1" 2> /dev/null || fusermount3 -u "$rehearsal/$1" || true
}
