find "$LOWER/dir" -mindepth 1 -delete
[ -z "$(ls -A "$LOWER/dir")" ] || fail "left: $(ls -A "$LOWER/dir")"
rmdir "$LOWER/dir"
