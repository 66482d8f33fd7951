tar -C "$LOWER" --exclude=./fifo -cf one.tar .
mkdir there
tar -C there -xpf one.tar
for file in small big holes hard2 nothing dir/20 dir/sub/deep; do
  cmp "$LOWER/$file" "there/$file"
done
[ "$(stat -c '%a' "$LOWER/setuid")" = "$(stat -c '%a' there/setuid)" ] || fail "modes differ"
