# The ways of subject p of scripts/bench that have no delta: the client asks a server for what it
# lacks. Sourced by bash.
#
# ranges: strata sync, of an image with a block index. zsync: zsync(1). What either of them makes
# beforehand and the images lie in a directory that strata serve serves, whose access log says how
# many bytes of answers were sent, that of the index not among them.
#
# Wants: work, strata, say, die, delta_java.

served='' # the directory with all of it

# Starts the server, of images that are called p-1.sqfs and p-2.sqfs there.
start_serving() { # OLD NEW
  served=$work/served
  mkdir -p "$served/files"
  ln -f "$1" "$served/files/p-1.sqfs" 2> /dev/null || cp "$1" "$served/files/p-1.sqfs"
  ln -f "$2" "$served/files/p-2.sqfs" 2> /dev/null || cp "$2" "$served/files/p-2.sqfs"
  "$strata" serve "$served/files" --listen 127.0.0.1:0 --access-log "$served/log" --quiet \
    > "$served/address" &
  served_pid=$!
  while [ ! -s "$served/address" ]; do
    kill -0 $served_pid 2> /dev/null || die "strata serve does not start"
    sleep 0.1
  done
  make_served ranges "$2" "$served/blocks" # compiles what it needs
  printf '[p]\nlocation = %s\nsync-type = squashdelta\nsync-uri = %s\nopenpgp-verify = no\nsync-squashdelta-cache = %s\n' \
    "$served/mount" "$(cat "$served/address")" "$served/cache" > "$served/repos.conf"
}

stop_serving() {
  kill $served_pid
  wait $served_pid || true
  rm -rf "$served"
}

list_served() { # VERSION, of files that go on from the versions' names
  (cd "$served/files" && sha512sum p-*.sqfs* && echo "Current: p-$1") > "$served/sha512sum.txt"
  mv "$served/sha512sum.txt" "$served/files/sha512sum.txt"
}

sync_served() { "$strata" sync --config "$served/repos.conf" --no-switch --quiet p; }

# Makes everything what it is before a client comes.
before_served() { # WAY DELTA
  local suffix=blocks
  [ "$1" = ranges ] || suffix=zsync
  rm -rf "$served/cache" "$served"/files/*.blocks "$served"/files/*.zsync "$served/new"
  if [ "$1" = ranges ]; then
    list_served 1
    sync_served || die "strata sync fails"
  fi
  cp "$2" "$served/files/p-2.sqfs.$suffix"
  list_served 2
  : > "$served/log"
}

make_served() { # WAY NEW DELTA
  case $1 in
    ranges) delta_java '' blocks "$2" "$3" ;;
    zsync) zsyncmake -u p-2.sqfs -o "$3" "$2" 2> /dev/null ;;
  esac
}

fetch_served() { # WAY
  case $1 in
    ranges) sync_served ;;
    zsync) (cd "$served" && zsync -q -i "$served/files/p-1.sqfs" -o new \
      "$(cat address)p-2.sqfs.zsync" > /dev/null 2>&1) ;;
  esac
}

# What the client has now.
result_served() { # WAY
  case $1 in
    ranges) echo "$served/cache/p-2.sqfs" ;;
    zsync) echo "$served/new" ;;
  esac
}

bytes_served() {
  awk -F '"' '$2 !~ /sha512sum/ { split($3, after, " "); bytes += after[2] } END { print bytes + 0 }' \
    "$served/log"
}
