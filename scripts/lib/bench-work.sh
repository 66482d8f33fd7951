# The work that scripts/bench measures, and how. Sourced by bash.
# Wants: work, root, systems, strata, say, mount_system, unmount, strata_numbers.

RARE_WORD=zyzzogeton # grep is to look at everything and to print next to nothing
RANDOM_READS=4096    # in all; four readers do a quarter each

# ---- work_NAME, run in the mount; it prints what check_NAME, if there is one, is to see, and of
# what figure_NAME makes the number that counts, where that is not the time it took.
# TEMPERATURES_NAME says which rows there are, SUBJECTS_NAME on what.

SUBJECTS_find=abu TEMPERATURES_find='cold warm'
work_find() { find . -printf '%s\n' | wc -l; }
check_find() { [ "$(cat)" = "$count_entries" ]; }

SUBJECTS_tar=abu TEMPERATURES_tar='cold warm'
# tar itself would not read for /dev/null. It ends with 1 where a directory changed meanwhile: the
# kernel's overlayfs marks those of its upper when they are first read.
work_tar() { { tar cf - --warning=no-file-changed . || [ $? = 1 ]; } | cat > /dev/null; }

SUBJECTS_cat4=ab TEMPERATURES_cat4=cold
work_cat4() {
  local part readers=() failed=0
  for part in "$work"/files.*; do
    xargs -0 cat -- < "$part" > /dev/null &
    readers+=($!)
  done
  for part in "${readers[@]}"; do wait "$part" || failed=1; done
  return $failed
}

SUBJECTS_grep=ab TEMPERATURES_grep=cold
work_grep() { LC_ALL=C grep -r "$RARE_WORD" . > /dev/null || [ $? = 1 ]; }

SUBJECTS_sequential=c TEMPERATURES_sequential=cold
work_sequential() { cat big > /dev/null; }

SUBJECTS_random1=c TEMPERATURES_random1=cold
work_random1() { random_reads 1; }

SUBJECTS_random4=c TEMPERATURES_random4=cold
work_random4() { random_reads 4; }

# The same places for every system: fio's random numbers begin the same each time.
random_reads() { # READERS
  fio --name=random --filename=big --readonly --rw=randread --bs=4k --ioengine=psync --thread \
    --numjobs="$1" --number_ios=$((RANDOM_READS / $1)) --size=100% --group_reporting \
    --output-format=terse --terse-version=3
}

# What counts is how long the reads took, fio's own start left out.
figure_random1() { awk -F';' '$1 == 3 && $5 == 0 { print $9 / 1000 }'; }
figure_random4() { figure_random1; }

WORKS='find tar cat4 grep sequential random1 random4'

title() { # WORK TEMPERATURE
  case $1 in
    find) echo "\`find -printf '%s'\` $2" ;;
    tar) echo "\`tar cf - . \\| cat\` $2" ;;
    cat4) echo "four \`cat\` side by side, $2" ;;
    grep) echo "\`grep -r\` for a rare word, $2" ;;
    sequential) echo "sequential read, $2" ;;
    random1) echo "4 KiB random reads, 1 reader, $2" ;;
    random4) echo "4 KiB random reads, 4 readers, $2" ;;
  esac
}

# At most so much of the time that the kernel and squashfuse_ll take.
targets() { # WORK TEMPERATURE
  case $1-$2 in
    find-cold) echo 1.3 0.5 ;;
    find-warm) echo 1.1 0.3 ;;
    tar-cold | grep-cold) echo 0.8 0.5 ;;
    tar-warm) echo 1.2 0.35 ;;
    cat4-cold) echo 0.6 0.5 ;;
    sequential-cold) echo 0.8 0.6 ;;
    random?-cold) echo 1.2 0.7 ;;
  esac
}

# ---- measuring

# Nothing of the image, its names or its inodes is in memory afterwards; the programs are.
drop_caches() {
  sync -f "$images" # a page that is not written yet would stay
  sync -f "$work"
  echo 3 > /proc/sys/vm/drop_caches
  local program
  for program in find tar cat xargs grep wc stat fio sed git rm dd; do
    "$program" --version > /dev/null 2>&1 || true
  done
}

# Sets number to the seconds that the work took, or what its figure_NAME says; fails where the work
# did. within is where in the mount it is done.
number='' within=.
measure() { # WORK
  local from to status=0
  cd "$mounted/$within"
  from=$EPOCHREALTIME
  "work_$1" > "$work/printed" || status=$?
  to=$EPOCHREALTIME
  cd /
  local micros=$((${to/[.,]/} - ${from/[.,]/}))
  printf -v number '%d.%06d' $((micros / 1000000)) $((micros % 1000000))
  if [ "$(type -t "figure_$1")" = function ]; then
    number=$("figure_$1" < "$work/printed")
    [ -n "$number" ] || status=1
  fi
  if [ "$(type -t "check_$1")" = function ] && ! "check_$1" < "$work/printed"; then status=1; fi
  return $status
}

record() { # ROW SYSTEM WORK
  if measure "$3"; then
    echo "$1 $2 $number" >> "$work/results"
  else
    say "$3 failed on $2: not counted"
  fi
}

# The order of systems in a round: each begins at times, and nobody always follows the same other.
round_order() { # ROUND
  local n=${#systems[@]} i
  for ((i = 0; i < n; i++)); do
    if (($1 % 2)); then echo "${systems[($1 + n - i) % n]}"; else echo "${systems[($1 + i) % n]}"; fi
  done
}

# Measures a work once with every system: cold in a fresh mount, and then warm, in the same.
measure_round() { # SUBJECT COMPRESSION WORK ROUND
  local system image=$images/$1-$2.sqfs temperatures="TEMPERATURES_$3"
  if [ "$1" = u ]; then measure_union_round "$@" && return 0; fi
  for system in $(round_order "$4"); do
    if [ "$system" = squashfuse ] && [ "$1" != a ] && [ -z "$squashfuse_everywhere" ]; then continue; fi
    unmount
    [ -z "$root" ] || drop_caches
    if ! mount_system "$system" "$image"; then
      say "$system can't mount the image $1-$2"
      continue
    fi
    if [ -n "$root" ]; then record "$1/$2/$3/cold" "$system" "$3"; else measure "$3" || true; fi
    [ "$4/$system" != 0/strata ] || count_requests "$1/$2/$3/cold"
    if [[ ${!temperatures} == *warm ]]; then
      record "$1/$2/$3/warm" "$system" "$3"
      [ "$4/$system" != 0/strata ] || count_requests "$1/$2/$3/warm"
    fi
    unmount
  done
}

# Adds to the counts what the mount was asked since it was made: ROW OPCODE NUMBER.
count_requests() { # ROW
  strata_numbers "$mounted" | sed -n "s|^requests\.|$1 |p; s|^notifications |$1 NOTIFY |p" \
    >> "$work/counts"
  echo "$1 files $count_files $count_directories" >> "$work/counts"
}

# ---- what is no work: starting, and what it takes

# From the call to the first answered stat, in a mount that is there when this ends.
measure_start() { # SYSTEM IMAGE WORD
  local from to
  unmount
  from=$EPOCHREALTIME
  mount_system "$1" "$2" || return 0
  stat -t "$mounted" > /dev/null
  to=$EPOCHREALTIME
  local micros=$((${to/[.,]/} - ${from/[.,]/}))
  printf '%s %s %d.%06d\n' "start/$3" "$1" $((micros / 1000000)) $((micros % 1000000)) >> "$work/results"
  unmount
}

measure_starts() { # IMAGE ROUND
  local system
  for system in $(round_order "$2"); do
    [ -z "$root" ] || { drop_caches && measure_start "$system" "$1" cold; }
    measure_start "$system" "$1" warm
  done
}

# CPU time of a program that starts and ends.
measure_version() {
  local TIMEFORMAT='%U %S' used
  used=$({ time "$strata" --version > /dev/null; } 2>&1)
  awk '{ printf "version/cpu strata %.3f\n", $1 + $2 }' <<< "$used" >> "$work/results"
}

# What a server has in memory, in KiB, and how many threads, when all was read by tar and by cat4.
measure_server() { # SYSTEM SUBJECT COMPRESSION
  local pid
  unmount
  mount_system "$1" "$images/$2-$3.sqfs" || return 0
  measure tar && measure cat4 || say "$1: not everything could be read"
  pid=$("server_$1" "$images/$2-$3.sqfs" "$mounted")
  if [ -n "$pid" ]; then
    awk -v row="$2/$3 $1" '/^(VmRSS|VmHWM|Threads):/ { print row, substr($1, 1, length($1) - 1), $2 }' \
      "/proc/$pid/status" >> "$work/servers"
  fi
  unmount
}
