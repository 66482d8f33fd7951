before=$(cd "$LOWER/dir" && find . -type f -exec sha256sum {} + | sort)
mv "$LOWER/dir" here
mv here/sub sub
mv sub here/sub2
mv here/sub2 here/sub
mv here "$LOWER/dir"
[ "$before" = "$(cd "$LOWER/dir" && find . -type f -exec sha256sum {} + | sort)" ] || fail "changed on the way"
