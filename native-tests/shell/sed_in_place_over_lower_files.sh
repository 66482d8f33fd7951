sed -i 's/^/number /' "$LOWER"/dir/[0-9]*
for i in {1..20}; do
  [ "$(cat "$LOWER/dir/$i")" = "number $i" ] || fail "dir/$i holds $(cat "$LOWER/dir/$i")"
done
[ "$(ls "$LOWER/dir" | wc -l)" = 21 ] || fail "left over: $(ls "$LOWER/dir")"
