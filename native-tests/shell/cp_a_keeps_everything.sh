list() { (cd "$1" && find . -printf '%P %y %m %U:%G %s %n %T@ %l\n' | sed -E 's/^([^ ]* d [^ ]* [^ ]*) [^ ]* [^ ]*/\1/; s/(\.[0-9]{9})0*/\1/' | sort); }
cp -a "$LOWER" copy
diff <(list "$LOWER") <(list copy) > difference || fail "$(head -3 difference)"
rm difference
for file in small big holes hard1 dir/1 dir/sub/deep; do
  cmp "$LOWER/$file" "copy/$file"
done
[ "$(stat -c %i copy/hard1)" = "$(stat -c %i copy/hard2)" ] || fail "hard links were not kept"
