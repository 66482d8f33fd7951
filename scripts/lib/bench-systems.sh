# The systems that scripts/bench measures, and mounting with them. Sourced by bash.
# Wants: strata (the program), root (yes or nothing), work (a directory), say.

# Strata is measured twice: without io_uring, as where the kernel's switch is off, and with it.
ring_switch=/sys/module/fuse/parameters/enable_uring
ring_before='' # what stood there, while it is switched on

# Runs a command with the kernel's switch on; the mount that it makes goes on so.
with_ring() { # COMMAND...
  local status=0
  ring_before=$(cat "$ring_switch")
  echo Y > "$ring_switch"
  "$@" || status=$?
  ring_back
  return $status
}

ring_back() {
  [ -z "$ring_before" ] || echo "$ring_before" > "$ring_switch"
  ring_before=''
}

# ---- each: have_NAME, mount_NAME IMAGE MOUNTPOINT, and server_NAME IMAGE MOUNTPOINT, the pid

have_strata() { true; }
mount_strata() { "$strata" mount "$1" "$2" -o noio_uring; }
server_strata() { strata_number "$2" pid; }

have_strata-libfuse() { ldconfig -p | grep -q 'libfuse\.so\.2 '; }
mount_strata-libfuse() { "$strata" mount "$1" "$2" --transport libfuse; }
server_strata-libfuse() { strata_number "$2" pid; }

have_strata-io_uring() { [ -n "$root" ] && [ -e "$ring_switch" ]; }
mount_strata-io_uring() { with_ring "$strata" mount "$1" "$2" --io-uring; }
server_strata-io_uring() { strata_number "$2" pid; }

have_kernel() { [ -n "$root" ] && { modprobe squashfs 2> /dev/null || true; grep -q squashfs /proc/filesystems; }; }
mount_kernel() { mount -t squashfs -o loop,ro "$1" "$2" 2> /dev/null; }
server_kernel() { true; }

have_squashfuse() { command -v squashfuse > /dev/null; }
mount_squashfuse() { squashfuse "$1" "$2"; }
server_squashfuse() { pgrep -f "^squashfuse $1 $2\$" || true; }

have_squashfuse_ll() { command -v squashfuse_ll > /dev/null; }
mount_squashfuse_ll() { squashfuse_ll "$1" "$2"; }
server_squashfuse_ll() { pgrep -f "^squashfuse_ll $1 $2\$" || true; }

# ---- mounting: one mount at a time, at $work/mount

mounted=''

mount_system() { # SYSTEM IMAGE
  mounted=$work/mount
  if ! "mount_$1" "$2" "$mounted"; then
    mounted=''
    return 1
  fi
}

unmount() {
  [ -n "$mounted" ] || return 0
  local try
  for try in {1..100}; do
    if [ -n "$root" ]; then umount "$mounted" 2> /dev/null; else fusermount3 -u "$mounted" 2> /dev/null; fi &&
      break
    mountpoint -q "$mounted" || break
    sleep 0.05
  done
  if mountpoint -q "$mounted"; then
    say "$mounted stays busy; taking it away lazily"
    umount -l "$mounted" 2> /dev/null || fusermount3 -uz "$mounted" || true
  fi
  mounted=''
}

# ---- what strata says of a mount

# The numbers of a mount, one a line: NAME VALUE.
strata_numbers() { # MOUNTPOINT
  "$strata" status --json | awk -v at="$1" '
    $1 == "\"mountpoint\":" { here = $2 == "\"" at "\"," }
    here && $1 ~ /^".*":$/ && $2 ~ /^[0-9]+,?$/ {
      gsub(/[":]/, "", $1)
      print $1, $2 + 0
    }'
}

strata_number() { # MOUNTPOINT NAME
  strata_numbers "$1" | awk -v name="$2" '$1 == name { print $2; exit }'
}
