# The work that scripts/bench measures on unions, in directories of subject u: packages (as subject
# a), checkout (a Git checkout of the same), c and maven (programs to be built). Sourced by bash.
# Wants: work, quick, strata_home, subject_size, and what bench-work.sh wants.

UNION_WORKS='untar edit append remove status clone write readback randomwrite randomread c maven dbench'

# ---- work_NAME, run in the mount; prepare_NAME, run before in the same mount, then what is cached
# is dropped; check_NAME is to see what was printed; figure_NAME makes a number of it, where the
# time that passed is not what counts. RATES: more is better.

RATES='randomwrite randomread dbench'

SUBJECTS_untar=u TEMPERATURES_untar=cold
work_untar() { mkdir new && tar xf "$work/packages.tar" -C new; }

SUBJECTS_edit=u TEMPERATURES_edit=cold
work_edit() { xargs -0 sed -i '1s/^/edited /' < "$work/some-files"; }

SUBJECTS_append=u TEMPERATURES_append=cold
work_append() {
  local name
  while IFS= read -r -d '' name; do printf x >> "$name"; done < "$work/some-files"
}

SUBJECTS_remove=u TEMPERATURES_remove=cold
work_remove() { rm -rf packages && [ ! -e packages ]; }

SUBJECTS_status=u TEMPERATURES_status='cold warm'
work_status() { bench_git -C checkout status --porcelain; }
check_status() { [ -z "$(cat)" ]; }

SUBJECTS_clone=u TEMPERATURES_clone=cold
work_clone() { bench_git clone -q "$work/repository.git" clone; }

SUBJECTS_write=u TEMPERATURES_write=cold
work_write() {
  dd if=/dev/zero of=sequential bs=1M count="$(subject_size 1024:16)" conv=fsync status=none
}

SUBJECTS_readback=u TEMPERATURES_readback=cold
prepare_readback() { work_write; }
work_readback() { cat sequential > /dev/null; }

# Writes are buffered and fsync comes once, at the end: as many files are written so.
SUBJECTS_randomwrite=u TEMPERATURES_randomwrite=cold
prepare_randomwrite() { fio_file > /dev/null; }
work_randomwrite() { union_fio --rw=randwrite --end_fsync=1; }
figure_randomwrite() { awk -F';' '$1 == 3 && $5 == 0 { print $49 }'; } # write_iops

SUBJECTS_randomread=u TEMPERATURES_randomread=cold
prepare_randomread() { fio_file > /dev/null; }
work_randomread() { union_fio --rw=randread --number_ios="$(subject_size 16384:256)"; }
figure_randomread() { awk -F';' '$1 == 3 && $5 == 0 { print $8 }'; } # read_iops

union_fio() {
  fio --name=random --filename=random --size="$(subject_size 256m:4m)" --bs=4k --ioengine=psync \
    --thread --output-format=terse --terse-version=3 "$@"
}

fio_file() { union_fio --rw=write --bs=1m --end_fsync=1; }

SUBJECTS_c=u TEMPERATURES_c=cold
work_c() { make -s -j "$(nproc)" -C c > /dev/null; }

SUBJECTS_maven=u TEMPERATURES_maven=cold
work_maven() {
  local plugins=org.apache.maven.plugins
  mvn -B -q -o -f maven/pom.xml "$plugins:maven-resources-plugin:$(plugin_version resources):resources" \
    "$plugins:maven-compiler-plugin:$(plugin_version compiler):compile" \
    "$plugins:maven-jar-plugin:$(plugin_version jar):jar" > /dev/null 2>&1
}

# The plugins that Strata itself is built with are here, offline too.
plugin_version() { # NAME
  sed -n "/maven-$1-plugin/{n;s/.*<version>\(.*\)<.*/\1/p}" "$strata_home/pom.xml"
}

SUBJECTS_dbench=u TEMPERATURES_dbench=cold
work_dbench() { dbench -D . -t "$(subject_size 10:3)" 4 2> /dev/null; }
figure_dbench() { awk '$1 == "Throughput" { print $2 }'; } # MB/s

# Git without the settings of whoever measures.
bench_git() {
  GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null git -c safe.directory='*' \
    -c user.name=bench -c user.email=bench@example.org -c init.defaultBranch=main "$@"
}

union_title() { # WORK TEMPERATURE
  case $1 in
    untar) echo "untar the packages" ;;
    find) echo "\`find -printf '%s'\` of the packages, $2" ;;
    tar) echo "\`tar cf - . \\| cat\` of the packages, $2" ;;
    edit) echo "\`sed -i\` over 2,000 lower files" ;;
    append) echo "append a byte to 2,000 lower files" ;;
    remove) echo "\`rm -rf\` of the packages" ;;
    status) echo "\`git status\` in a lower checkout, $([ "$2" = cold ] && echo first, cold || echo then warm)" ;;
    clone) echo "\`git clone\` of a local repository" ;;
    write) echo "sequential write of 1 GiB with fsync" ;;
    readback) echo "reading it back, cold" ;;
    randomwrite) echo "4 KiB random writes, then fsync, in an upper file, per second" ;;
    randomread) echo "4 KiB random reads of an upper file, cold, per second" ;;
    c) echo "build of a C project" ;;
    maven) echo "build of a Maven project" ;;
    dbench) echo "dbench, 4 clients, MB/s" ;;
  esac
}

# At most so much of the time that overlayfs and fuse-overlayfs take; of RATES, at least.
union_targets() { # WORK TEMPERATURE
  case $1-$2 in
    untar-*) echo 4 0.35 ;;
    find-cold) echo 1.5 0.35 ;;
    find-warm) echo 1.3 0.3 ;;
    tar-cold) echo 1.0 0.25 ;;
    edit-*) echo 4 0.5 ;;
    append-*) echo 1.2 0.7 ;;
    remove-*) echo 1.5 0.25 ;;
    status-cold) echo 1.2 0.7 ;;
    status-warm) echo 1.5 0.5 ;;
    clone-*) echo 2 0.5 ;;
    write-* | readback-*) echo 1.2 0.7 ;;
    randomwrite-*) echo 0.8 5 ;;
    randomread-*) echo 0.9 1 ;;
    c-* | maven-*) echo 1.2 0.95 ;;
    dbench-*) echo 0.5 1.5 ;;
  esac
}

# ---- what is measured on

# The directories of subject u, in $work/source/union.
make_union_source() {
  local source=$work/source/union date='2026-06-30T12:00:00Z'
  [ ! -d "$source" ] || return 0
  mkdir -p "$source"
  if [ -n "$tree" ]; then
    cp -a "$tree" "$source/packages"
  else
    generate tree "$source/packages" "$(subject_size 3200:300)"
  fi
  cp -a "$source/packages" "$source/checkout"
  rm -rf "$source/checkout/.git"
  bench_git -C "$source/checkout" init -q
  bench_git -C "$source/checkout" add .
  GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date bench_git -C "$source/checkout" commit -q -m packages
  "$JAVA_HOME/bin/java" "$strata_home/scripts/lib/BenchProjects.java" c "$source/c" "$(subject_size 40:3)"
  "$JAVA_HOME/bin/java" "$strata_home/scripts/lib/BenchProjects.java" maven "$source/maven" \
    "$(subject_size 30:3)"
}

# Makes what lies beside the unions, from the image itself: an archive and a repository on the
# disk, the names of 2,000 files in the order of a walk, and the directories that an upper changes.
prepare_union() { # IMAGE
  mkdir -p "$work/lower"
  mount_kernel "$1" "$work/lower"
  tar cf "$work/packages.tar" -C "$work/lower/packages" .
  rm -rf "$work/repository.git"
  bench_git clone -q --bare "$work/lower/checkout" "$work/repository.git"
  (cd "$work/lower" && find packages -type f -print0) | head -z -n "$(subject_size 2000:100)" \
    > "$work/some-files"
  (cd "$work/lower" && find packages -mindepth 2 -type d) | LC_ALL=C sort |
    awk -v step="$(subject_size 30:10)" 'NR % step == 1' > "$work/changed-directories"
  make_upper
  count_entries=$(for layer in lower upper; do (cd "$work/$layer/packages" && find .); done | sort -u | wc -l)
  count_files=$(find "$work/lower/packages" -type f -printf '\n' | wc -l)
  count_directories=$(find "$work/lower/packages" -type d -printf '\n' | wc -l)
  count_bytes=$(find "$work/lower/packages" -type f -printf '%s\n' | awk '{ total += $1 } END { printf "%.0f", total }')
  unmount_lower
}

# ---- measuring: as measure_round, with a new upper for each

measure_union_round() { # SUBJECT COMPRESSION WORK ROUND
  local system row="$1/$2/$3" image=$images/$1-$2.sqfs temperatures="TEMPERATURES_$3" within=.
  case $3 in find | tar) within=packages ;; esac
  for system in $(round_order "$4"); do
    unmount_union
    make_upper
    drop_caches_for "$3"
    if ! mount_union "$system" "$image"; then
      say "$system can't mount a union over the image $1-$2"
      continue
    fi
    prepare_work "$3"
    record "$row/cold" "$system" "$3"
    [ "$4/$system" != 0/strata ] || count_requests "$row/cold"
    if [[ ${!temperatures} == *warm ]]; then
      record "$row/warm" "$system" "$3"
      [ "$4/$system" != 0/strata ] || count_requests "$row/warm"
    fi
    unmount_union
  done
}

# Compilers and the like are not to be read from the disk.
drop_caches_for() { # WORK
  case $1 in
    c | maven | dbench) sync -f "$work" ;;
    *) drop_caches ;;
  esac
}

prepare_work() { # WORK
  [ "$(type -t "prepare_$1")" = function ] || return 0
  (cd "$mounted" && "prepare_$1") || say "preparing $1 failed"
  drop_caches_for "$1"
}
