# What scripts/bench measures on: trees, and images of them. Sourced by bash.
#
#   a  about 9,000 small files, as in a package repository: generated, or a tree that was named
#   b  60,000 or more files and 1.5 GB: /usr/share and /usr/lib, or what --big-tree names
#   c  one file of 1 GiB, generated, which compresses about 2:1
#   u  subject a, a Git checkout of it, and programs to be built, under an upper layer
#
# Wants: strata_home, JAVA_HOME, work, images (where they are put), tree, big_trees, quick, say, die.

BIG_BYTES=1500000000 # of subject b; what is more is left out, the largest files first

# The numbers of a subject, with --quick behind the colon.
subject_size() { # FULL:QUICK
  if [ -n "$quick" ]; then echo "${1#*:}"; else echo "${1%:*}"; fi
}

subject_name() { # SUBJECT
  case $1 in
    a) echo "small files" ;;
    b) echo "large tree" ;;
    c) echo "one file" ;;
    u) echo "union" ;;
  esac
}

generate() { # tree|file TARGET SIZE
  "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 "$strata_home/scripts/lib/BenchData.java" "$@"
}

# Sets sources to the directories of a subject, and left_out to a file that lists what is not taken.
find_sources() { # SUBJECT
  left_out=$work/left-out
  : > "$left_out"
  case $1 in
    a)
      sources=("${tree:-$work/source/packages}")
      [ -n "$tree" ] || [ -d "${sources[0]}" ] || {
        mkdir -p "$work/source"
        generate tree "${sources[0]}" "$(subject_size 3200:300)"
      }
      ;;
    b)
      IFS=, read -r -a sources <<< "$big_trees"
      # Absolute names, as mksquashfs wants them; names with a line feed stay in.
      find "${sources[@]}" -xdev -type f -printf '%s %p\n' | sort -rn |
        awk -v most="$(subject_size $BIG_BYTES:20000000)" '
          { size[NR] = $1; total += $1; sub(/^[0-9]+ /, ""); name[NR] = $0 }
          END { for (i = 1; i <= NR && total > most; i++) { total -= size[i]; print name[i] } }' \
          > "$left_out"
      ;;
    c)
      sources=("$work/source/file")
      [ -e "${sources[0]}" ] || {
        mkdir -p "${sources[0]}"
        generate file "${sources[0]}/big" "$(subject_size 1024:16)"
      }
      ;;
    u)
      sources=("$work/source/union")
      make_union_source
      ;;
  esac
}

# What an image was made of, so that one that is kept is made anew when that has changed.
image_recipe() { # SUBJECT COMPRESSION
  case $1 in
    a | u) echo "${tree:-generated}" ;;
    b) echo "$big_trees" ;;
    c) echo generated ;;
  esac
  echo "${quick:-full} $2"
  mksquashfs -version | sed -n 1p
  [ "$1" = b ] || cat "$strata_home"/scripts/lib/Bench{Data,Projects}.java | cksum
}

# Makes $images/SUBJECT-COMPRESSION.sqfs unless it is there, with all cores and the defaults of
# mksquashfs: blocks of 128 KiB, fragments.
make_image() { # SUBJECT COMPRESSION
  local image=$images/$1-$2.sqfs
  if [ -f "$image" ] && [ "$(cat "$image.recipe" 2> /dev/null)" = "$(image_recipe "$1" "$2")" ]; then
    return 0
  fi
  say "making the image $1-$2 with $(nproc) cores"
  rm -f "$image" "$image.recipe"
  find_sources "$1"
  mksquashfs "${sources[@]}" "$image.part" -comp "$2" -one-file-system -no-recovery -quiet \
    -no-progress -ef "$left_out" > /dev/null 2> "$work/mksquashfs.log" || {
    cat "$work/mksquashfs.log" >&2
    die "mksquashfs failed"
  }
  mv "$image.part" "$image"
  image_recipe "$1" "$2" > "$image.recipe"
}

forget_sources() { rm -rf --one-file-system "$work/source"; }

# Writes the names of all files to $work/files and, dealt to four, to $work/files.aa to .ad, in the
# order in which a walk finds them. Sets count_files, count_directories, count_bytes.
list_files() { # SUBJECT IMAGE
  if [ "$1" = u ]; then prepare_union "$2" && return 0; fi
  mount_system "${systems[0]}" "$2" || die "${systems[0]} can't mount $2"
  (cd "$mounted" && find . -type f -printf '%s %p\0') > "$work/listing"
  count_entries=$(find "$mounted" -printf '\n' | wc -l)
  count_directories=$(find "$mounted" -type d -printf '\n' | wc -l)
  unmount
  tr '\0\n' '\n?' < "$work/listing" > "$work/lines"
  count_files=$(wc -l < "$work/lines")
  count_bytes=$(awk '{ total += $1 } END { printf "%.0f", total }' "$work/lines")
  sed -z 's/^[0-9]* //' "$work/listing" > "$work/files"
  rm -f "$work"/files.*
  split -n r/4 -t '\0' "$work/files" "$work/files."
  rm "$work/listing" "$work/lines"
}
