# The tables that scripts/bench prints, in Markdown. Sourced by bash.
# Wants: work (with results, counts, servers in it), systems, runs, title, targets, subject_name.

# What the numbers are of: median, least and most of a row, or nothing.
spread() { # ROW SYSTEM
  awk -v row="$1" -v who="$2" '$1 == row && $2 == who { print $3 }' "$work/results" | sort -n |
    awk '{ v[NR] = $1 }
      function text(value) { return sprintf(value < 1000 ? "%.3f" : "%.0f", value) }
      END { if (NR) print text((v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2), text(v[1]), text(v[NR]) }'
}

median_of() { spread "$@" | cut -d' ' -f1; }

cell() { # ROW SYSTEM
  local median least most
  read -r median least most <<< "$(spread "$1" "$2")"
  if [ -z "$median" ]; then
    echo -
  elif [ "$runs" = 1 ]; then
    echo "$median"
  else
    echo "$median ($least-$most)"
  fi
}

# A number against its target: "0.47 (<= 0.6) met"; with "more", the target is the least.
verdict() { # NUMBER TARGET [more]
  local relation='<='
  [ "${3:-}" != more ] || relation='>='
  if [ -z "$2" ]; then
    echo "$1"
  elif awk -v a="$1" -v b="$2" -v more="${3:-}" 'BEGIN { exit !(more == "" ? a <= b : a >= b) }'; then
    echo "$1 ($relation $2) met"
  else
    echo "$1 ($relation $2) **missed**"
  fi
}

ratio() { # ROW SYSTEM PEER TARGET [more]
  local ours theirs
  ours=$(median_of "$1" "$2") theirs=$(median_of "$1" "$3")
  if [ -z "$ours" ] || [ -z "$theirs" ]; then
    echo -
  else
    verdict "$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.2f", a / (b > 0 ? b : 0.001) }')" \
      "$4" "${5:-}"
  fi
}

heading() { # COLUMN...
  local column
  printf '|'
  printf ' %s |' "$@"
  printf '\n|'
  for column in "$@"; do printf -- '---|'; done
  echo
}

has_results() { [ -n "$(spread "$1" "$2")" ]; }

# Seconds of every work on a subject, and the ratios.
speed_table() { # SUBJECT
  local row compression name temperature line system shown=() own=() columns=() first second more
  local peers=(kernel squashfuse_ll) kind=''
  [ "$1" != u ] || { peers=(overlayfs fuse-overlayfs) kind=union_; }
  for system in "${systems[@]}"; do
    if grep -q "^$1/.* $system " "$work/results"; then
      shown+=("$system")
      [[ $system != strata* ]] || own+=("$system") columns+=("$system / ${peers[0]}" "$system / ${peers[1]}")
    fi
  done
  heading image work "${shown[@]}" "${columns[@]}"
  for row in $(awk -v s="$1" 'index($1, s "/") == 1 && !seen[$1]++ { print $1 }' "$work/results"); do
    IFS=/ read -r _ compression name temperature <<< "$row"
    read -r first second <<< "$("${kind}targets" "$name" "$temperature")"
    more=$([[ " $RATES " != *" $name "* ]] || echo more)
    line="| $compression | $("${kind}title" "$name" "$temperature") |"
    for system in "${shown[@]}"; do line+=" $(cell "$row" "$system") |"; done
    for system in "${own[@]}"; do
      line+=" $(ratio "$row" "$system" "${peers[0]}" "$first" $more) |"
      line+=" $(ratio "$row" "$system" "${peers[1]}" "$second" $more) |"
    done
    echo "$line"
  done
}

# Starting, and what servers take.
figures_table() {
  local kind system line target
  heading figure "${systems[@]}" target
  for kind in warm cold; do
    has_results "start/$kind" strata || continue
    line="| mount to the first answered stat, $kind, s |"
    for system in "${systems[@]}"; do line+=" $(cell "start/$kind" "$system") |"; done
    target=-
    [ $kind = cold ] || target=$(verdict "$(median_of start/warm strata)" 0.6)
    echo "$line $target |"
  done
  if has_results version/cpu strata; then
    line="| CPU time of \`strata --version\`, s |"
    for system in "${systems[@]}"; do line+=" $(cell version/cpu "$system") |"; done
    echo "$line $(verdict "$(median_of version/cpu strata)" 0.25) |"
  fi
  server_rows
}

server_rows() {
  local row name line system value target
  for row in $(awk '!seen[$1]++ { print $1 }' "$work/servers"); do
    for name in VmRSS VmHWM Threads; do
      line="| server of ${row%/*}, ${row#*/}: $(figure_title $name) |"
      for system in "${systems[@]}"; do line+=" $(server_value "$row" "$system" $name) |"; done
      target=-
      value=$(server_value "$row" strata $name)
      if [ $name = VmRSS ] && [ "$value" != - ]; then target=$(verdict "$value" 220); fi
      echo "$line $target |"
    done
  done
}

figure_title() { # NAME
  case $1 in
    VmRSS) echo "resident after all was read, MiB" ;;
    VmHWM) echo "resident at most, MiB" ;;
    Threads) echo threads ;;
  esac
}

server_value() { # ROW SYSTEM NAME
  awk -v row="$1" -v who="$2" -v name="$3" '$1 == row && $2 == who && $3 == name {
      value = name == "Threads" ? $4 : sprintf("%.0f", $4 / 1024) }
    END { print value == "" ? "-" : value }' "$work/servers"
}

# How often the kernel asked Strata in each work, by opcode.
requests_table() {
  local row compression name temperature subject kind
  heading subject image work requests 'by opcode' 'per file' 'per directory' notifications
  for row in $(awk '!seen[$1]++ { print $1 }' "$work/counts"); do
    IFS=/ read -r subject compression name temperature <<< "$row"
    kind=$([ "$subject" != u ] || echo union_)
    awk -v row="$row" -v head="| $(subject_name "$subject") | $compression | $("${kind}title" "$name" "$temperature") |" '
      $1 == row && $2 == "files" { files = $3; directories = $4; next }
      $1 == row { of[$2] += $3 }
      $1 == before && $2 != "files" { of[$2] -= $3 } # the same mount was read cold before
      BEGIN { before = row; if (!sub("/warm$", "/cold", before)) before = "" }
      END {
        notifications = of["NOTIFY"]
        delete of["NOTIFY"]
        while ((opcode = most()) != "") {
          list = list (list == "" ? "" : ", ") opcode " " of[opcode]
          total += of[opcode]
          delete of[opcode]
        }
        printf "%s %d | %s | %s | %s | %d |\n", head, total, list == "" ? "none" : list,
          per(files), per(directories), notifications
      }
      function per(number) { return number > 1 ? sprintf("%.3f", total / number) : "-" }
      function most(  opcode, best) {
        best = ""
        for (opcode in of) if (of[opcode] > (best == "" ? 0 : of[best])) best = opcode
        return best
      }' "$work/counts"
  done
}

# On what all this was measured.
circumstances() {
  echo "Seconds: medians (least-most) of $runs runs, in turn; Linux $(uname -r), $(nproc) cores;" \
    "$("$JAVA_HOME/bin/java" -version 2>&1 | sed -n 1p | tr -d '"');" \
    "$(mksquashfs -version | sed -n '1s/ (.*//p'), blocks of 128 KiB;" \
    "$(if have_squashfuse_ll; then { squashfuse_ll --version 2>&1 || true; } | sed -n 's/ (.*//p' | sed -n 1p; else echo no squashfuse_ll; fi);" \
    "$(fio --version 2> /dev/null || echo no fio). $busy"
}
