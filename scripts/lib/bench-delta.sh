# What scripts/bench measures of deltas, as its subject d. Sourced by bash.
#
# Two pairs of LZO images are generated, an old and a new one, and a delta for each; and there may
# be a real pair, in the directory that --delta-pair names. Applying the small and the real delta is
# measured as a library call, beside the sum of its parts: xdelta3 -d of the same patch on the
# expanded files, and recompressing the listed blocks with the native library on all cores. Then
# as a process. The large pair, of 1 GiB, shows what memory it takes.
#
# Wants: strata_home, JAVA_HOME, STRATA_JVM_OPTIONS, strata, work, images, quick, runs, delta_pair,
# say, die, generate, subject_size, spread, cell, median_of, verdict, heading.

delta_sizes='' # of the pairs, for the text above the table

delta_java() { # JVM-OPTIONS MODE ARGUMENT...
  local options=$1 program=$strata_home/target/program
  shift
  if [ ! -d "$work/classes" ]; then
    "$JAVA_HOME/bin/javac" -proc:none -nowarn -cp "$program/strata.jar" -d "$work/classes" \
      "$strata_home/scripts/lib/BenchDelta.java" || die "BenchDelta.java can't be compiled"
  fi
  # shellcheck disable=SC2086 # the options are words
  "$JAVA_HOME/bin/java" $STRATA_JVM_OPTIONS $options -Djava.library.path="$program/native" \
    -cp "$work/classes:$program/strata.jar" BenchDelta "$@"
}

delta_recipe() { # NAME
  echo "$1 ${quick:-full}"
  mksquashfs -version | sed -n 1p
  cat "$strata_home"/scripts/lib/{BenchData.java,BenchDelta.java,bench-delta.sh} | cksum
}

# Makes $images/d-NAME-old.sqfs, -new.sqfs and d-NAME.sqdelta unless they are there.
make_pair() { # small|large
  local recipe=$images/d-$1.recipe tree=$work/source/$1
  [ "$(cat "$recipe" 2> /dev/null)" != "$(delta_recipe "$1")" ] || return 0
  say "making two images and a delta: d-$1"
  rm -rf "$recipe" "$tree"
  mkdir -p "$tree"
  if [ "$1" = large ]; then
    generate tree "$tree/packages" "$(subject_size 300:100)"
    delta_java '' noise "$tree/noise" "$(subject_size 1024:4)"
  else
    generate tree "$tree/packages" "$(subject_size 3200:200)"
  fi
  make_delta_image "$tree" "$images/d-$1-old.sqfs"
  change_packages "$tree/packages"
  make_delta_image "$tree" "$images/d-$1-new.sqfs"
  delta_java '' make "$images/d-$1-old.sqfs" "$images/d-$1-new.sqfs" "$images/d-$1.sqdelta" ||
    die "the delta d-$1 can't be made"
  rm -rf "$tree"
  delta_recipe "$1" > "$recipe"
}

make_delta_image() { # TREE IMAGE
  rm -f "$2"
  mksquashfs "$1" "$2" -comp lzo -all-time 0 -mkfs-time 0 -no-recovery -quiet -no-progress \
    > /dev/null 2> "$work/mksquashfs.log" || {
    cat "$work/mksquashfs.log" >&2
    die "mksquashfs failed"
  }
}

# As a few days do: in each twenty-fifth package all files change, and there are some new ones.
change_packages() { # TREE
  local package
  find "$1" -mindepth 2 -maxdepth 2 -type d | sort | awk 'NR % 25 == 0' > "$work/changed"
  while read -r package; do
    find "$package" -type f -exec sed -i '1s/^./#/' {} +
  done < "$work/changed"
  mkdir "$1/zz-new"
  find "$1" -name metadata.xml | sort | awk 'NR % 60 == 0' | while read -r package; do
    sed 's/e/E/' "$package" > "$1/zz-new/$(echo "$package" | cksum | cut -d' ' -f1)"
  done
}

# Sets pair_old and pair_delta to the files of a pair.
find_pair() { # small|large|real
  local old new stem rest
  pair_old=$images/d-$1-old.sqfs pair_delta=$images/d-$1.sqdelta
  [ "$1" = real ] || return 0
  for pair_delta in "$delta_pair"/*.sqdelta; do
    for old in "$delta_pair"/*.sqfs; do
      stem=${old%.sqfs}
      rest=${pair_delta#"$stem-"}
      for new in "$delta_pair"/*-"${rest%.sqdelta}".sqfs; do
        if [ "$rest" != "$pair_delta" ] && [ -f "$new" ]; then
          pair_old=$old
          return 0
        fi
      done
    done
  done
  die "--delta-pair $delta_pair: no REPO-OLD-NEW.sqdelta there with REPO-OLD.sqfs and REPO-NEW.sqfs"
}

measure_pair() { # small|real
  local round out=$work/pair
  find_pair "$1"
  mkdir -p "$out"
  say "d-$1: applying"
  delta_java '' measure "$pair_old" "$pair_delta" "$out" "$runs" > "$out/measured" ||
    die "the delta d-$1 can't be applied"
  sed "s|^|d/$1 |" "$out/measured" >> "$work/results"
  for ((round = 0; round < runs; round++)); do
    measure_process "$1" process "$strata" delta apply
    ! command -v squashmerge > /dev/null || measure_process "$1" squashmerge squashmerge
  done
  delta_sizes+="; $1: a delta of $(stat -c %s "$pair_delta") bytes, to an image of $(stat -c %s "$out/new")"
  rm -r "$out"
}

measure_process() { # NAME KIND COMMAND...
  local from to name=$1 kind=$2
  shift 2
  rm -f "$out/made"
  from=$EPOCHREALTIME
  "$@" "$pair_old" "$pair_delta" "$out/made" > /dev/null || {
    say "$kind failed on d-$name: not counted"
    return 0
  }
  to=$EPOCHREALTIME
  cmp -s "$out/made" "$out/new" || die "$kind made another image of d-$name than the library"
  local micros=$((${to/[.,]/} - ${from/[.,]/}))
  printf 'd/%s %s %d.%06d\n' "$name" "$kind" $((micros / 1000000)) $((micros % 1000000)) \
    >> "$work/results"
}

# With a heap that may not be larger than the target has it.
measure_peak() {
  find_pair large
  say "d-large: what memory applying takes"
  delta_java -Xmx256m peak "$pair_old" "$pair_delta" "$work/large" > "$work/peak" ||
    die "the delta d-large can't be applied"
  cmp -s "$work/large" "$images/d-large-new.sqfs" || die "the delta d-large makes another image"
  stat -c 'image %s' "$work/large" >> "$work/peak"
  rm "$work/large"
}

measure_deltas() {
  local name
  for name in small large; do make_pair "$name"; done
  [ -z "$images_only" ] || return 0
  measure_pair small
  [ -z "$delta_pair" ] || measure_pair real
  measure_peak
  [ -n "$keep" ] || rm -f "$images"/d-{small,large}{-old.sqfs,-new.sqfs,.sqdelta,.recipe}
}

delta_table() {
  local name kinds=(library xdelta3 recompress process) kind line
  ! command -v squashmerge > /dev/null || kinds+=(squashmerge)
  printf '\ndeltas of LZO images%s\n\n' "$delta_sizes"
  heading pair 'library call, s' '`xdelta3 -d`, s' 'recompressing, s' 'process, s' \
    ${kinds[4]:+squashmerge, s} 'library call / its parts' 'process - library call, s'
  for name in small real; do
    grep -q "^d/$name " "$work/results" || continue
    line="| $name |"
    for kind in "${kinds[@]}"; do line+=" $(cell "d/$name" "$kind") |"; done
    line+=" $(verdict "$(awk -v a="$(median_of "d/$name" library)" \
      -v b="$(median_of "d/$name" xdelta3)" -v c="$(median_of "d/$name" recompress)" \
      'BEGIN { printf "%.2f", a / (b + c) }')" 1.2) |"
    echo "$line $(verdict "$(awk -v a="$(median_of "d/$name" process)" \
      -v b="$(median_of "d/$name" library)" 'BEGIN { printf "%.2f", a - b }')" 0.6) |"
  done
  printf '\n'
  heading "applying to an image of $(mebibytes image) MiB" MiB
  echo "| peak heap | $(verdict "$(mebibytes heap)" 256) |"
  echo "| resident at most, with what is mapped of the old image | $(mebibytes resident) |"
}

mebibytes() { # NAME
  awk -v name="$1" '$1 == name { printf "%.0f", $2 / 1048576 }' "$work/peak"
}
