# What scripts/bench measures of the ways to a new image, as its subject p. Sourced by bash.
#
# Of a pair of images, an old and a new one, made with each compression: how many bytes come by each
# way beside the whole image, and how many seconds making and applying it takes, as processes.
# The pair is generated (the files of subject a, of which each twenty-fifth package changes), or made
# again of the trees in the two images that --pair names. What is applied is compared with the image.
#
# Wants: work, images, quick, runs, strata, compressions, pair, say, die, generate, subject_size,
# change_packages, spread, cell, heading, and bench-served.sh.

WAYS='ranges sqdelta sqdelta2 xdelta3 zstd bsdiff zsync'
MOST_FOR_BSDIFF=67108864 # it takes 17 times the image in memory, and long

ways_size='' # of the pair, for the text above the table

have_way() { # WAY COMPRESSION IMAGE
  case $1 in
    sqdelta) [[ $2 == lzo || $2 == lz4 ]] && command -v xdelta3 > /dev/null ;;
    sqdelta2 | ranges) true ;;
    bsdiff) command -v bsdiff > /dev/null && [ "$(stat -c %s "$3")" -le $MOST_FOR_BSDIFF ] ;;
    zsync) command -v zsync > /dev/null && command -v zsyncmake > /dev/null ;;
    *) command -v "$1" > /dev/null ;;
  esac
}

way_title() { # WAY
  case $1 in
    ranges) echo 'ranges' ;;
    sqdelta | sqdelta2) echo "\`.$1\`" ;;
    xdelta3) echo '`xdelta3 -9 -S djw`' ;;
    zstd) echo '`zstd -22 --patch-from`' ;;
    bsdiff) echo '`bsdiff`' ;;
    zsync) echo '`zsync`' ;;
  esac
}

# A window in which the whole old image is.
xdelta3_window() { # OLD
  local window=67108864 size
  size=$(stat -c %s "$1")
  while [ $window -lt "$size" ] && [ $window -lt 2147483648 ]; do window=$((window * 2)); done
  echo $window
}

make_way() { # WAY OLD NEW DELTA
  case $1 in
    sqdelta | sqdelta2) "$strata" delta make --format "$1" --force "$2" "$3" "$4" > /dev/null ;;
    xdelta3) xdelta3 -e -q -f -9 -S djw -B "$(xdelta3_window "$2")" -s "$2" "$3" "$4" ;;
    zstd) zstd -q -q -f --ultra -22 --long=31 --patch-from="$2" "$3" -o "$4" ;;
    bsdiff) bsdiff "$2" "$3" "$4" ;;
    ranges | zsync) make_served "$1" "$3" "$4" ;;
  esac
}

apply_way() { # WAY OLD DELTA OUT
  case $1 in
    sqdelta | sqdelta2) "$strata" delta apply --force "$2" "$3" "$4" > /dev/null ;;
    xdelta3) xdelta3 -d -q -f -B "$(xdelta3_window "$2")" -s "$2" "$3" "$4" ;;
    zstd) zstd -q -d -f --long=31 --patch-from="$2" "$3" -o "$4" ;;
    bsdiff) bspatch "$2" "$4" "$3" ;;
    ranges | zsync) fetch_served "$1" ;;
  esac
}

# The trees $work/source/old and new.
make_trees() {
  mkdir -p "$work/source"
  if [ -n "$pair" ]; then
    unsquashfs -q -n -d "$work/source/old" "${pair%,*}" > /dev/null &&
      unsquashfs -q -n -d "$work/source/new" "${pair#*,}" > /dev/null ||
      die "--pair $pair: can't be unpacked"
    return
  fi
  generate tree "$work/source/old" "$(subject_size 3200:200)"
  cp -a "$work/source/old" "$work/source/new"
  change_packages "$work/source/new"
}

make_pair_image() { # TREE COMPRESSION IMAGE
  [ ! -f "$3" ] || return 0
  mksquashfs "$1" "$3.part" -comp "$2" -mkfs-time 0 -no-recovery -quiet -no-progress \
    > /dev/null 2> "$work/mksquashfs.log" || { cat "$work/mksquashfs.log" >&2; die "mksquashfs failed"; }
  mv "$3.part" "$3"
}

# Prints KIND SECONDS for a command.
timed() { # ROW KIND COMMAND...
  local row=$1 kind=$2 from to micros
  shift 2
  from=$EPOCHREALTIME
  "$@" || return 1
  to=$EPOCHREALTIME
  micros=$((${to/[.,]/} - ${from/[.,]/}))
  printf '%s %s %d.%06d\n' "$row" "$kind" $((micros / 1000000)) $((micros % 1000000)) >> "$work/results"
}

is_served() { [[ $1 == ranges || $1 == zsync ]]; } # WAY

measure_way() { # WAY COMPRESSION OLD NEW
  local row=p/$2/$1 round delta=$work/delta out=$work/applied
  say "p-$2: $1"
  timed "$row" make make_way "$1" "$3" "$4" "$delta" || die "$1 can't be made between $3 and $4"
  for ((round = 0; round < runs; round++)); do
    if is_served "$1"; then before_served "$1" "$delta"; fi
    timed "$row" apply apply_way "$1" "$3" "$delta" "$out" || die "$1 can't be applied to $3"
    if is_served "$1"; then out=$(result_served "$1"); fi
    cmp -s "$out" "$4" || die "$1 makes another image than $4"
  done
  echo "$row $(is_served "$1" && bytes_served || stat -c %s "$delta")" >> "$work/ways"
  rm -f "$delta" "$out"
}

measure_ways() {
  local compression way old new
  make_trees
  for compression in ${compressions//,/ }; do
    old=$images/p-$compression-old.sqfs new=$images/p-$compression-new.sqfs
    say "making two images: p-$compression"
    make_pair_image "$work/source/old" "$compression" "$old"
    make_pair_image "$work/source/new" "$compression" "$new"
    [ -z "$images_only" ] || continue
    echo "p/$compression/full $(stat -c %s "$new")" >> "$work/ways"
    start_serving "$old" "$new"
    for way in $WAYS; do
      if have_way "$way" "$compression" "$new"; then measure_way "$way" "$compression" "$old" "$new"; fi
    done
    stop_serving
    [ -n "$keep" ] || rm -f "$old" "$new"
  done
  ways_size="$(find "$work/source/new" -type f | wc -l) files, $(du -s --apparent-size -BM "$work/source/new" | cut -f1)B"
}

ways_table() {
  local row bytes whole compression way
  printf '\n(p) ways to a new image: %s\n\n' "$ways_size"
  heading image way bytes 'of the image' 'make, s' 'apply, s'
  while read -r row bytes; do
    IFS=/ read -r _ compression way <<< "$row"
    if [ "$way" = full ]; then
      whole=$bytes
      echo "| $compression | whole | $bytes | 100% | - | - |"
    else
      echo "| $compression | $(way_title "$way") | $bytes | $(awk -v a="$bytes" -v b="$whole" \
        'BEGIN { printf "%.2f%%", 100 * a / b }') | $(cell "$row" make) | $(cell "$row" apply) |"
    fi
  done < "$work/ways"
}
