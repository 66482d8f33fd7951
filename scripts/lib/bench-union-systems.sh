# The unions that scripts/bench measures, and mounting with them: an image below, an upper layer
# beside it. Sourced by bash, after bench-systems.sh.
# Wants: strata, root, work, have_kernel, say.

UNION_SYSTEMS='strata strata-io_uring overlayfs fuse-overlayfs unionfs-fuse'

# ---- each: have_union_NAME, and mount_union_NAME IMAGE MOUNTPOINT, with the changes in
# $work/upper. The peers have the image below through the kernel's squashfs, at $work/lower.

have_union_strata() { true; }
mount_union_strata() { mount_strata_upper "$@" -o noio_uring; }

mount_strata_upper() { # IMAGE MOUNTPOINT OPTION...
  "$strata" mount "$1" "$2" --upper "$work/upper" --work "$work/changing" "${@:3}"
}

have_union_strata-libfuse() { have_strata-libfuse; }
mount_union_strata-libfuse() { mount_strata_upper "$@" --transport libfuse; }

have_union_strata-io_uring() { have_strata-io_uring; }
mount_union_strata-io_uring() { with_ring mount_strata_upper "$@" --io-uring; }

have_union_overlayfs() {
  have_kernel && { modprobe overlay 2> /dev/null || true; grep -q 'overlay$' /proc/filesystems; }
}
mount_union_overlayfs() {
  mount_kernel "$1" "$work/lower" && mount -t overlay overlay "$2" \
    -o "lowerdir=$work/lower,upperdir=$work/upper,workdir=$work/changing"
}

have_union_fuse-overlayfs() { have_kernel && command -v fuse-overlayfs > /dev/null; }
mount_union_fuse-overlayfs() {
  mount_kernel "$1" "$work/lower" && fuse-overlayfs "$2" \
    -o "lowerdir=$work/lower,upperdir=$work/upper,workdir=$work/changing" 2> /dev/null
}

have_union_unionfs-fuse() { have_kernel && command -v unionfs > /dev/null; }
mount_union_unionfs-fuse() {
  mount_kernel "$1" "$work/lower" &&
    unionfs -o cow,hide_meta_files "$work/upper=RW:$work/lower=RO" "$2"
}

# An upper layer in which little is changed: new files and directories in a hundred directories.
# Plain files only, which every union reads alike.
# The ones before are put aside: ext4 is slower for minutes at making files where many were deleted.
make_upper() {
  local directory
  set_aside
  mkdir -p "$work/upper" "$work/changing" "$work/lower"
  while IFS= read -r directory; do
    mkdir -p "$work/upper/$directory/added"
    echo new > "$work/upper/$directory/added/file"
    echo new > "$work/upper/$directory/added-file"
  done < "$work/changed-directories"
}

set_aside() {
  [ -d "$work/upper" ] || return 0
  find "$work/upper" -type f -size +10M -delete
  mkdir -p "$work/aside"
  mv "$work/upper" "$(mktemp -d "$work/aside/XXXXXX")"
  rm -rf --one-file-system "$work/changing"
}

mount_union() { # SYSTEM IMAGE
  mounted=$work/mount
  if ! "mount_union_$1" "$2" "$mounted"; then
    mounted=''
    unmount_lower
    return 1
  fi
}

# A server that has just been unmounted may still have it open.
unmount_lower() {
  local try
  for try in {1..100}; do
    mountpoint -q "$work/lower" || return 0
    umount "$work/lower" 2> /dev/null && return 0
    sleep 0.05
  done
  umount -l "$work/lower"
}

unmount_union() {
  unmount
  unmount_lower
}
